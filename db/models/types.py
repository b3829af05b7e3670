"""Column types that SQLAlchemy doesn't bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Dialect, Index, Label, literal_column
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class Vector(UserDefinedType[Sequence[float]]):
    """pgvector's `vector`: a sequence of numbers in Python, its text form on the wire."""

    cache_ok = True

    def __init__(self, dimensions: int | str | None = None) -> None:
        self.dimensions = None if dimensions is None else int(dimensions)

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as SQL spells it."""
        return "vector" if self.dimensions is None else f"vector({self.dimensions})"

    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[float] | None], str | None]:  # noqa: ARG002
        """Write numbers as pgvector reads them."""
        return lambda value: None if value is None else "[" + ",".join(repr(float(number)) for number in value) + "]"

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], list[float] | None]:  # noqa: ARG002
        """Read numbers as pgvector writes them."""
        return lambda value: None if value is None else [float(number) for number in value[1:-1].split(",")]


def nearest_neighbours(name: str, column: str) -> Index:
    """Return an HNSW index by cosine distance over a column's numbers in half precision."""
    halves: Label[Any] = literal_column(f"({column}::halfvec(1536))").label("halves")
    return Index(name, halves, postgresql_using="hnsw", postgresql_ops={"halves": "halfvec_cosine_ops"})


# Reflection must know the type, else Alembic takes every vector for a difference.
ischema_names["vector"] = Vector
