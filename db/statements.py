"""Statements that live as files in `db/sql`, loaded by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text

SQL = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> TextClause:
    """Return the statement in `db/sql/<name>.sql`, its `:names` ready to be bound."""
    return text((SQL / f"{name}.sql").read_text(encoding="utf-8"))
