"""What a person must be allowed in order to ask for a kind. The database holds them to it when the run is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """A question that the database's `has_right()` answers for the one who asks."""

    READ_REPORT = "read report"
    CHANGE_REPORT = "change report"
    READ_PROJECT = "read project"
    READ_JOB = "read job description"
    WRITE_PAIR = "write translation pair"
    USE_FILE = "use file"
    READ_MEMORY = "read translation memory"
    WRITE_MEMORY = "write translation memory"


@dataclass(frozen=True, slots=True)
class Need:
    """A right, and the arg that names what it is about (none where it is about no single thing)."""

    right: Right
    arg: str | None = None
