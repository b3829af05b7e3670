"""What must be there: the committed snapshot, and what is needed of the identity service's schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, text

EXPECTED = Path(__file__).parent / "expected_schema.json"
IDENTITY = {"id": ("uuid",), "email": ("text", "character varying"), "raw_user_meta_data": ("jsonb",)}

State = Literal["missing", "changed", "extra", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. Warnings and notes are no fault of the schema's."""

    state: State
    kind: str
    name: str
    expected: str = ""
    found: str = ""

    @property
    def is_difference(self) -> bool:
        """Whether something is missing or was changed by hand."""
        return self.state in {"missing", "changed", "extra"}

    def as_json(self) -> dict[str, str]:
        """Return the finding for a program."""
        return asdict(self)


def read_expected() -> dict[str, Any]:
    """Return what must be there."""
    expected: dict[str, Any] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return expected


def identity_findings(connection: Connection) -> Iterator[Finding]:
    """Yield what the identity service's schema lacks. It is theirs: whatever else it holds is right."""
    rows = connection.execute(
        text(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
            "WHERE attrelid = to_regclass('auth.users') AND attnum > 0 AND NOT attisdropped"
        )
    )
    found = {row.attname: row.format_type for row in rows}
    for column, types in IDENTITY.items():
        if column not in found:
            yield Finding("missing", "column", f"auth.users.{column}", " or ".join(types))
        elif found[column] not in types:
            yield Finding("changed", "column", f"auth.users.{column}", " or ".join(types), found[column])
    if connection.scalar(text("SELECT to_regprocedure('auth.uid()')")) is None:
        yield Finding("missing", "function", "auth.uid()", "who asks")
