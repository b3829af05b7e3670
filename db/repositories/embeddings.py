"""Texts that lack a vector of the current model, their vectors, and what paid calls for them cost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.orm import Session
from sqlalchemy.types import Numeric, String

from db.statements import statement
from db.vectors import vector_text

# Those without any vector come first: they can't be found at all.
ENTRIES = ("take_entries_without_vectors", "take_entries_of_other_models")
CHUNKS = ("take_chunks_without_vectors", "take_chunks_of_other_models")
RECORD = statement("record_embedding_call").bindparams(
    bindparam("cost_usd", type_=Numeric), bindparam("request_id", type_=String)
)


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


@dataclass(frozen=True, slots=True)
class PaidCall:
    """A call to a provider of vectors. `key` is the call's own; the cost is None where the price is not known."""

    key: str
    provider: str
    model: str
    input_tokens: int
    cost_usd: Decimal | None
    request_id: str | None
    metadata: Mapping[str, object]


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


def count_waiting(session: Session) -> int:
    """Return how many entries and chunks have no vector at all."""
    waiting: int = session.execute(statement("count_texts_without_vectors")).scalar_one()
    return waiting


def count_embedded(session: Session, run_id: UUID, *, model: str) -> tuple[int, int]:
    """Return how many entries and how many chunks got a vector of `model` since the run was asked for."""
    row = session.execute(statement("count_vectors_of_run"), {"run_id": run_id, "model": model}).one()
    return row.entries, row.chunks


def record_paid_call(session: Session, call: PaidCall) -> None:
    """Note a paid call, once."""
    session.execute(
        RECORD,
        {
            "call_key": call.key,
            "provider": call.provider,
            "model": call.model,
            "input_tokens": call.input_tokens,
            "cost_usd": call.cost_usd,
            "request_id": call.request_id,
            "metadata": json.dumps(call.metadata),
        },
    )
