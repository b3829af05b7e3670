"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How far a rule is kept, as `compliance_checks.compliance_status` names it."""

    COMPLIANT = "compliant"
    WARNING = "warning"
    VIOLATION = "violation"


class Severity(StrEnum):
    """How much it matters, as `compliance_checks.severity` names it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a description. `heading` and `body` are half-open ranges of characters of the whole text.

    The text above the first heading is a section as well, with an empty heading. `level` is the number of hashes that
    Markdown gave the heading, and 1 where it is plain text. `type` is `other` where the heading is none that is known.
    """

    type: str
    title: str
    heading: tuple[int, int]
    body: tuple[int, int]
    level: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not kept in one place, or a rule that is kept throughout (then without a place).

    `flagged == text[start:end]` where there is a place: characters (code points), from 0. What is missing from the text
    has no place either, and `section` then says what it is or where it belongs. `replacement` is what to write at the
    place, where that is certain. `more` counts the places, beside those that are given, where the rule is not kept.
    """

    rule: str
    check_type: str
    description: str
    status: Status
    severity: Severity
    section: str | None = None
    start: int | None = None
    end: int | None = None
    flagged: str | None = None
    recommendation: str | None = None
    replacement: str | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A description as it was understood, and what was found in it, in the order of the text."""

    language: str
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
