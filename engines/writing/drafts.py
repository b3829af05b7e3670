"""What is proposed, before and after it was checked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document to look at: half-open range of its characters. `section` is None outside all sections."""

    section: str | None
    start: int
    end: int

    def within(self, text: str) -> str:
        """The passage's own text."""
        return text[self.start : self.end]


class Passages:
    """Passages that don't overlap, to look places up in: a document may have thousands, and as many places."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = sorted(passages, key=lambda passage: (passage.start, passage.end))
        self._starts = [passage.start for passage in self._passages]

    def holding(self, start: int, end: int) -> Passage | None:
        """Return the passage that a place lies in from its start to its end."""
        index = bisect_right(self._starts, start) - 1
        return self._passages[index] if index >= 0 and end <= self._passages[index].end else None


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check found at a place, and the text that surely belongs there."""

    rule: str
    start: int
    end: int
    replacement: str
    explanation: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that is proposed and not yet checked.

    `start` is the place in the document, None where whoever proposes only quotes. `source` names the rule or the entry
    that vouches for the new words; a model's proposal has none.
    """

    suggestion_type: str
    section: str | None
    original: str
    suggested: str
    explanation: str
    confidence: float
    start: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that holds: `original == text[start:end]`."""

    draft: Draft
    section: str | None
    start: int
    end: int
    context_before: str
    context_after: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The suggestions that hold, and how many did not, by reason."""

    suggestions: tuple[Suggestion, ...]
    dropped: Mapping[str, int]
