"""What a rule is: data, with the finder that it is matched by and the examples that prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from contracts.args.descriptions import CheckType

from engines.compliance.document import Document
from engines.compliance.findings import Severity, Status


@dataclass(frozen=True, slots=True)
class Match:
    """Where a rule is not kept. Without a place something is missing; `section` then says what or where.

    `advice` takes the place of the rule's recommendation. `replacement` only where it is certain.
    """

    start: int | None = None
    end: int | None = None
    section: str | None = None
    advice: str | None = None
    replacement: str | None = None
    severity: Severity | None = None


# None: the rule has nothing to say of this document, so it is neither kept nor broken.
Finder = Callable[[Document], Iterable[Match] | None]


@dataclass(frozen=True, slots=True)
class Example:
    """A text in which the rule finds exactly `flagged`, in order. An empty string stands for what has no place."""

    language: str
    text: str
    flagged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A text in which the rule finds nothing."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `finders` has one for each language in which the rule exists."""

    id: str
    check_type: CheckType
    status: Status
    severity: Severity
    description: str
    source: str
    recommendation: str
    finders: Mapping[str, Finder]
    examples: tuple[Example, ...]
    counter_examples: tuple[CounterExample, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which the rule exists."""
        return tuple(self.finders)
