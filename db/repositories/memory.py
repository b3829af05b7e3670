"""The translation memory: adding entries, and finding those that may match a text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import TextClause, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer, Numeric, Text

from db.statements import statement
from db.vectors import vector_text

ADD = statement("add_memory_entries").bindparams(
    bindparam("qualities", type_=ARRAY(Numeric)), bindparam("created_by", type_=Integer)
)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A segment and its translation, to be added. What is not known is None."""

    source: str
    target: str
    domain: str | None = None
    subdomain: str | None = None
    quality: Decimal | None = None
    context_hash: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry that may match. `similarity` is the cosine of two vectors where they were compared, else None."""

    id: int
    source: str
    target: str
    domain: str | None
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """A text to translate, and among which entries to look."""

    text: str
    source_language: str
    target_language: str
    domain: str | None = None


def add_entries(
    session: Session,
    entries: Sequence[NewEntry],
    *,
    source_language: str,
    target_language: str,
    created_by: int | None,
) -> int:
    """Add the entries that are not there yet; return how many."""
    added = session.execute(
        ADD,
        {
            "source_language": source_language,
            "target_language": target_language,
            "created_by": created_by,
            "sources": [entry.source for entry in entries],
            "targets": [entry.target for entry in entries],
            "domains": [entry.domain for entry in entries],
            "subdomains": [entry.subdomain for entry in entries],
            "qualities": [entry.quality for entry in entries],
            "contexts": [entry.context_hash for entry in entries],
            "metadata": [json.dumps(entry.metadata, ensure_ascii=False) for entry in entries],
        },
    )
    return int(added.rowcount)  # type: ignore[attr-defined]  # an INSERT always gives a cursor result


FIND_EXACT = statement("find_exact_entries").bindparams(bindparam("domain", type_=Text))
FIND_SIMILAR = statement("find_similar_entries").bindparams(bindparam("domain", type_=Text))
FIND_NEAR = statement("find_near_entries").bindparams(bindparam("domain", type_=Text))


def find_exact(session: Session, question: Question, *, limit: int) -> list[FoundEntry]:
    """Return the entries whose source is the very text."""
    return _found(session, FIND_EXACT, question, text=question.text, limit=limit)


def find_similar(session: Session, question: Question, *, threshold: float, limit: int) -> list[FoundEntry]:
    """Return the entries with the most runs of letters in common, those with fewer than `threshold` of them left out.

    The threshold holds until the transaction ends: the index takes it from nowhere else.
    """
    _set(session, "pg_trgm.similarity_threshold", str(threshold))
    # The planner takes `%` for as cheap as `=`, and reads a memory of a few thousand sentences whole, which takes three
    # to ten times as long as the index.
    _set(session, "enable_seqscan", "off")
    found = _found(session, FIND_SIMILAR, question, text=question.text, limit=limit)
    _set(session, "enable_seqscan", "on")
    return found


def find_near(
    session: Session, question: Question, vector: Sequence[float], *, model: str, limit: int
) -> list[FoundEntry]:
    """Return the entries whose vectors are nearest, of those that the same model made."""
    # The filter comes after the index, which must go on until enough have passed it.
    _set(session, "hnsw.iterative_scan", "strict_order")
    return _found(session, FIND_NEAR, question, vector=vector_text(vector), model=model, limit=limit)


def _set(session: Session, name: str, value: str) -> None:
    """Change a setting until the transaction ends."""
    session.execute(select(func.set_config(name, value, True)))


def _found(session: Session, query: TextClause, question: Question, **values: object) -> list[FoundEntry]:
    among = {
        "source_language": question.source_language,
        "target_language": question.target_language,
        "domain": question.domain,
    }
    return [FoundEntry(*row) for row in session.execute(query, among | values)]
