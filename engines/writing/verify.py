"""Holds proposals against the text that they are about. Nothing is taken on trust, whoever proposed it.

A proposal stays if its original stands in the text at one known place, and if the suggested text says something else in
the same language without losing or adding a number, a date or a code. Words of a model may bring in no new name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from engines.text.numbers import find_numbers
from engines.writing.drafts import Draft, Passage, Passages, Suggestion, Verified

CONTEXT_CHARACTERS = 60
# A suggestion may be this many times as long as what it replaces, and this many characters more or less in any case.
LONGEST_RATIO = 3.0
SHORTEST_RATIO = 0.25
FREE_CHARACTERS = 24


class Fault(StrEnum):
    """Why a proposal is dropped."""

    EMPTY = "empty"
    NOT_IN_TEXT = "not_in_text"
    AMBIGUOUS = "ambiguous_place"
    UNCHANGED = "unchanged"
    REPEATED = "repeated"
    HIDDEN_CHARACTERS = "hidden_characters"
    NUMBERS = "numbers_differ"
    DATES = "dates_differ"
    CODES = "codes_differ"
    LENGTH = "length_out_of_bounds"
    LANGUAGE = "other_language"
    NEW_NAME = "new_name"


MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    )
    for number, name in enumerate(names.split(), start=1)
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = re.compile(
    rf"\b(?P<month_first>{MONTH})\s+(?P<day>\d{{1,2}})(?!\d)|"
    rf"\b(?P<day_first>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTH})\b|"
    rf"\b(?P<month_alone>{MONTH})\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
# AS-05, BBB/BBB, EX-01, ISO-9001, 3B, A1. Not: and/or, B.
CODE = re.compile(r"\b(?:[A-Z]{1,6}(?:[-/][A-Z0-9]{1,6})+|[A-Z]{1,4}\d+[A-Z0-9]*|\d+[A-Z]{1,4})\b")

# Words that are frequent in the one language and no word of the other.
FUNCTION_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": (
            "the of and to in is are was were be been with for from by that this these which who its their has "
            "have had will must may can not at as it an or all each any such they he she his her"
        ),
        "fr": (
            "le la les des du et à en est sont était être avec pour par que qui ce cette ces dont ses leur leurs "
            "ont avait doit peut ne au aux dans sur une un il elle ils elles son sa se ou où tous chaque"
        ),
    }.items()
}
WORD = re.compile(r"[^\W\d_]+")
# What English and French write with a capital in the middle of a sentence is a name or the word after a full stop.
NAME = re.compile(
    r"(?<=[^\s.!?:•\-–—«“\"(])\s+(?P<name>[A-ZÀ-ÖØ-Þ][\w’'-]+)"  # noqa: RUF001 - as French writes
)


def verify(drafts: Sequence[Draft], text: str, passages: Sequence[Passage], language: str) -> Verified:
    """Keep the drafts that hold, each with its place and the text around it, and count the others by reason."""
    known = Passages(passages)
    dropped: Counter[str] = Counter()
    kept: dict[tuple[int, int, str, str], Suggestion] = {}
    for draft, place in zip(drafts, _places(drafts, text, passages, known), strict=True):
        fault = place if isinstance(place, Fault) else find_fault(draft, text, language)
        if isinstance(place, Fault) or fault is not None:
            dropped[str(fault)] += 1
            continue
        key = (place, place + len(draft.original), draft.suggestion_type, draft.suggested)
        if key in kept:
            dropped[Fault.REPEATED] += 1
        else:
            kept[key] = _placed(draft, text, place, known)
    ordered = sorted(kept.values(), key=lambda suggestion: (suggestion.start, suggestion.end))
    return Verified(tuple(ordered), dict(sorted(dropped.items())))


def find_fault(draft: Draft, text: str, language: str) -> Fault | None:
    """Return what is wrong with a draft's words, wherever they stand; None where nothing is."""
    for fault, holds in CHECKS:
        if not holds(draft.original, draft.suggested, language):
            return fault
    if draft.source is None and not _names_are_known(draft.suggested, text):
        return Fault.NEW_NAME
    return None


def _placed(draft: Draft, text: str, start: int, passages: Passages) -> Suggestion:
    end = start + len(draft.original)
    passage = passages.holding(start, start + 1)
    return Suggestion(
        draft=draft,
        section=passage.section if passage else None,
        start=start,
        end=end,
        context_before=text[max(0, start - CONTEXT_CHARACTERS) : start],
        context_after=text[end : end + CONTEXT_CHARACTERS],
    )


def _places(drafts: Sequence[Draft], text: str, passages: Sequence[Passage], known: Passages) -> list[int | Fault]:
    """Where each draft's original stands.

    What is only quoted must stand once in its section (where none is named, in all of them), or be quoted as often as
    it stands there: then the quotations are taken in the order of the text.
    """
    quoted = Counter((draft.section, draft.original) for draft in drafts if draft.start is None)
    seen: Counter[tuple[str | None, str]] = Counter()
    places: list[int | Fault] = []
    for draft in drafts:
        if draft.start is not None:
            places.append(_stated_place(draft, text, known))
            continue
        key = (draft.section, draft.original)
        searched = [passage for passage in passages if draft.section in {None, passage.section}]
        found = _occurrences(draft.original, text, searched)
        places.append(_quoted_place(found, quoted[key], seen[key]))
        seen[key] += 1
    return places


def _stated_place(draft: Draft, text: str, passages: Passages) -> int | Fault:
    start = draft.start or 0
    end = start + len(draft.original)
    return start if passages.holding(start, end) and text[start:end] == draft.original else Fault.NOT_IN_TEXT


def _quoted_place(found: Sequence[int], quoted: int, number: int) -> int | Fault:
    if not found:
        return Fault.NOT_IN_TEXT
    if len(found) == 1:
        return found[0]
    return found[number] if len(found) == quoted else Fault.AMBIGUOUS


def _occurrences(original: str, text: str, passages: Sequence[Passage]) -> list[int]:
    """Where `original` stands in the passages as whole words."""
    if not original.strip():
        return []
    before = r"(?<!\w)" if original[0].isalnum() else ""
    after = r"(?!\w)" if original[-1].isalnum() else ""
    pattern = re.compile(before + re.escape(original) + after)
    found = (match.start() for passage in passages for match in pattern.finditer(text, passage.start, passage.end))
    return sorted(set(found))


def _is_filled(original: str, suggested: str, _language: str) -> bool:
    return bool(original.strip() and suggested.strip())


def _differs(original: str, suggested: str, _language: str) -> bool:
    return original != suggested


def _shows_itself(original: str, suggested: str, _language: str) -> bool:
    """No control, format or bidirectional character that the original does not have."""
    return not ({one for one in suggested if unicodedata.category(one)[0] == "C"} - set(original))


def _keeps_numbers(original: str, suggested: str, _language: str) -> bool:
    return sorted(find_numbers(original)) == sorted(find_numbers(suggested))


def _keeps_dates(original: str, suggested: str, _language: str) -> bool:
    return Counter(find_dates(original)) == Counter(find_dates(suggested))


def _keeps_codes(original: str, suggested: str, _language: str) -> bool:
    return Counter(CODE.findall(original)) == Counter(CODE.findall(suggested))


def _keeps_length(original: str, suggested: str, _language: str) -> bool:
    was, would_be = len(original), len(suggested)
    return (
        min(was * SHORTEST_RATIO, was - FREE_CHARACTERS) <= would_be <= max(was * LONGEST_RATIO, was + FREE_CHARACTERS)
    )


def _keeps_language(original: str, suggested: str, language: str) -> bool:
    """Frequent words of the other language may not outweigh those of the text's own, unless they did before."""
    return _foreignness(suggested, language) <= max(0, _foreignness(original, language))


def _foreignness(text: str, language: str) -> int:
    words = [word.lower() for word in WORD.findall(text)]
    counts = {name: sum(word in frequent for word in words) for name, frequent in FUNCTION_WORDS.items()}
    return counts["fr" if language == "en" else "en"] - counts[language]


def _names_are_known(suggested: str, text: str) -> bool:
    names = {word.lower() for match in NAME.finditer(suggested) for word in WORD.findall(match["name"])}
    return names <= _words_of(text)


@lru_cache(maxsize=1)
def _words_of(text: str) -> frozenset[str]:
    """The words of a document, gathered once for all that is proposed for it."""
    return frozenset(word.lower() for word in WORD.findall(text))


def find_dates(text: str) -> Iterator[tuple[int, Decimal]]:
    """Find month and day (or month and year) of every date that names its month, in either language."""
    for match in DATE.finditer(text):
        month = match["month_first"] or match["month"] or match["month_alone"]
        number = match["day"] or match["day_first"] or match["year"]
        yield MONTHS[month.lower()], Decimal(number)


CHECKS: tuple[tuple[Fault, Callable[[str, str, str], bool]], ...] = (
    (Fault.EMPTY, _is_filled),
    (Fault.UNCHANGED, _differs),
    (Fault.HIDDEN_CHARACTERS, _shows_itself),
    (Fault.NUMBERS, _keeps_numbers),
    (Fault.DATES, _keeps_dates),
    (Fault.CODES, _keeps_codes),
    (Fault.LENGTH, _keeps_length),
    (Fault.LANGUAGE, _keeps_language),
)
