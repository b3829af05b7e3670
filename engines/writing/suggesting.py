"""Proposes corrections that are certain: by the rules here, and by what other checks found."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engines.text.sentences import split_sentences
from engines.writing.drafts import Draft, Passage, Passages, Remark
from engines.writing.rules import RULES, Rule

MODEL = "rules-1"
"""The name of this set of rules, as `ai_model` keeps it. The number grows when a rule changes what it writes."""

# Of two corrections that touch each other the first in this order is kept: each can be accepted for itself.
ORDER = ("compliance", "grammar", "style")
# A shorter place is shown with the whole words around it, so that a person recognizes it.
FEWEST_LETTERS = 3
# What has more characters without a space is no word that would have to be shown whole.
LONGEST_WORD = 80
# So many edits at most become one suggestion: it can only be accepted as a whole.
MOST_EDITS = 20


@dataclass(frozen=True, slots=True)
class Edit:
    """Other text for a place. `shown` is the place as a person is shown it."""

    suggestion_type: str
    section: str | None
    span: tuple[int, int]
    shown: tuple[int, int]
    replacement: str
    explanation: str
    confidence: float
    source: str


def suggest(
    text: str,
    language: str,
    passages: Sequence[Passage],
    remarks: Sequence[Remark],
    *,
    suggestion_types: Collection[str],
) -> tuple[Draft, ...]:
    """Propose the certain corrections of these types, in the order of the text."""
    edits = [*_by_remarks(text, passages, remarks), *_by_rules(text, language, passages)]
    kept: list[Draft] = []
    places: list[tuple[int, int]] = []
    for suggestion_type in (one for one in ORDER if one in suggestion_types):
        for group in _groups([edit for edit in edits if edit.suggestion_type == suggestion_type]):
            draft = _draft(text, group)
            if _is_free(place := _place(draft), places):
                insort(places, place)
                kept.append(draft)
    return tuple(sorted(kept, key=_place))


def _is_free(place: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Does a place touch none of those that are taken? They are in order and don't touch each other."""
    index = bisect_left(taken, place)
    return not any(_touch(place, other) for other in taken[max(0, index - 1) : index + 1])


def cut_passage(text: str, passage: Passage, language: str, *, longest: int) -> tuple[Passage, ...]:
    """Cut a passage between sentences into pieces of at most `longest` characters (a longer sentence stays whole)."""
    pieces: list[Passage] = []
    for sentence in split_sentences(passage.within(text), language):
        start, end = passage.start + sentence.start, passage.start + sentence.end
        if pieces and end - pieces[-1].start <= longest:
            pieces[-1] = Passage(passage.section, pieces[-1].start, end)
        else:
            pieces.append(Passage(passage.section, start, end))
    return tuple(pieces)


def _by_remarks(text: str, passages: Sequence[Passage], remarks: Sequence[Remark]) -> Iterator[Edit]:
    known = Passages(passages)
    for remark in remarks:
        span = (remark.start, remark.end)
        if passage := known.holding(*span):
            yield Edit(
                suggestion_type="compliance",
                section=passage.section,
                span=span,
                shown=_recognizable(text, passage, span),
                replacement=remark.replacement,
                explanation=remark.explanation,
                confidence=remark.confidence,
                source=remark.rule,
            )


def _by_rules(text: str, language: str, passages: Sequence[Passage]) -> Iterator[Edit]:
    for rule in (rule for rule in RULES if rule.language == language):
        for passage in passages:
            for match in rule.pattern.finditer(text, passage.start, passage.end):
                yield Edit(
                    suggestion_type=rule.suggestion_type,
                    section=passage.section,
                    span=match.span(),
                    shown=_recognizable(text, passage, match.span()),
                    replacement=corrected(rule, match),
                    explanation=rule.explanation,
                    confidence=rule.confidence,
                    source=rule.name,
                )


def corrected(rule: Rule, match: re.Match[str]) -> str:
    """Return what the rule writes for this match, with the capital that the match began with."""
    written = match.expand(rule.replacement)
    if match.group()[:1].isupper() and written[:1].islower():
        return written[0].upper() + written[1:]
    return written


def _groups(edits: Sequence[Edit]) -> list[list[Edit]]:
    """Put edits whose shown places touch together; of two that change the same characters the first one counts."""
    groups: list[list[Edit]] = []
    for edit in sorted(edits, key=lambda edit: (edit.span, edit.source)):
        if not (groups and _touch(edit.shown, _hull(groups[-1]))):
            groups.append([edit])
        elif len(groups[-1]) < MOST_EDITS and not any(_touch(edit.span, other.span) for other in groups[-1]):
            groups[-1].append(edit)
    return groups


def _draft(text: str, group: Sequence[Edit]) -> Draft:
    start, end = _hull(group)
    pieces, done = [], start
    for edit in group:
        pieces += [text[done : edit.span[0]], edit.replacement]
        done = edit.span[1]
    explanations = dict.fromkeys(f"{edit.explanation} ({edit.source})" for edit in group)
    return Draft(
        suggestion_type=group[0].suggestion_type,
        section=group[0].section,
        original=text[start:end],
        suggested="".join([*pieces, text[done:end]]),
        explanation=" ".join(explanations),
        confidence=min(edit.confidence for edit in group),
        start=start,
        source=", ".join(dict.fromkeys(edit.source for edit in group)),
    )


def _hull(group: Sequence[Edit]) -> tuple[int, int]:
    return min(edit.shown[0] for edit in group), max(edit.shown[1] for edit in group)


def _place(draft: Draft) -> tuple[int, int]:
    start = draft.start or 0
    return start, start + len(draft.original)


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _recognizable(text: str, passage: Passage, span: tuple[int, int]) -> tuple[int, int]:
    """Widen a place to whole words where it cuts one or has hardly a letter of its own."""
    start, end = span
    letters = sum(character.isalpha() for character in text[start:end])
    if letters >= FEWEST_LETTERS and not (_cuts_word(text, start) or _cuts_word(text, end)):
        return span
    first, last = max(passage.start, start - LONGEST_WORD), min(passage.end, end + LONGEST_WORD)
    while start > first and (text[start].isspace() or not text[start - 1].isspace()):
        start -= 1
    while end < last and (text[end - 1].isspace() or not text[end].isspace()):
        end += 1
    return start, end


def _cuts_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()
