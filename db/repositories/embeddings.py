"""Texts that lack a vector of the current model, and their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from db.statements import statement
from db.vectors import vector_text

# Those without any vector come first: they can't be found at all.
ENTRIES = ("take_entries_without_vectors", "take_entries_of_other_models")
CHUNKS = ("take_chunks_without_vectors", "take_chunks_of_other_models")


@dataclass(frozen=True, slots=True)
class EntryTexts:
    """The two texts of an entry of the memory."""

    id: int
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ChunkText:
    """The text of a chunk of a job description."""

    id: int
    text: str


def take_entries(session: Session, *, model: str, limit: int) -> list[EntryTexts]:
    """Hold some entries without vectors of `model` until the transaction ends, and return them."""
    for name in ENTRIES:
        values = {"limit": limit, "model": model} if name == ENTRIES[1] else {"limit": limit}
        if rows := session.execute(statement(name), values).all():
            return [EntryTexts(*row) for row in rows]
    return []


def take_chunks(session: Session, *, model: str, limit: int) -> list[ChunkText]:
    """Hold some chunks without a vector of `model` until the transaction ends, and return them."""
    for name in CHUNKS:
        values = {"limit": limit, "model": model} if name == CHUNKS[1] else {"limit": limit}
        if rows := session.execute(statement(name), values).all():
            return [ChunkText(*row) for row in rows]
    return []


def store_entry_vectors(
    session: Session,
    ids: Sequence[int],
    sources: Sequence[Sequence[float]],
    targets: Sequence[Sequence[float]],
    model: str,
) -> None:
    """Give entries their two vectors each."""
    values = {
        "ids": list(ids),
        "sources": [vector_text(vector) for vector in sources],
        "targets": [vector_text(vector) for vector in targets],
        "model": model,
    }
    session.execute(statement("store_entry_vectors"), values)


def store_chunk_vectors(session: Session, ids: Sequence[int], vectors: Sequence[Sequence[float]], model: str) -> None:
    """Give chunks their vectors."""
    values = {"ids": list(ids), "vectors": [vector_text(vector) for vector in vectors], "model": model}
    session.execute(statement("store_chunk_vectors"), values)


def count_waiting(session: Session, *, model: str) -> int:
    """Return how many entries and chunks have no vector of `model`. Reads the tables whole: ask once a run."""
    without: int = session.execute(statement("count_texts_without_vectors")).scalar_one()
    outdated: int = session.execute(statement("count_texts_of_other_models"), {"model": model}).scalar_one()
    return without + outdated
