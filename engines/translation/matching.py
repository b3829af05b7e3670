"""How well an entry of the memory matches a text, and which matches to show first.

A **fuzzy** score counts words. With `d` the fewest words to insert, delete or replace that turn one text into the
other (whatever their case, without punctuation), and `n` the words of the longer text:

    score = 1 - d / n - what the penalties take, between 0 and 0.99

| what differs beside | penalty |
|---|---|
| the case of letters | 0.02 |
| punctuation | 0.02 |
| the numbers (each also counts as a word) | 0.03 |
| spaces alone | 0.01 |

Only the very same text scores 1. A **semantic** score is the cosine of two vectors and no share of words: the two can't
be compared, so matches are ordered by their kind first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from engines.text.numbers import find_numbers

CASE_PENALTY = 0.02
PUNCTUATION_PENALTY = 0.02
NUMBER_PENALTY = 0.03
SPACE_PENALTY = 0.01
BEST_FUZZY = 0.99
# Below this, two texts have as much in common as any two of the same field.
LEAST_COSINE = 0.5
LEAST_TRIGRAMS = 0.2
# Trigrams see letters and the score sees words: what changed may be the longer words.
TRIGRAM_SLACK = 0.8
# A number with its separators is one word; an elided article (l') is one as well.
WORD = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*|[^\W\d_]+(?:'(?=\w))?|\w")
MARK = re.compile(r"[^\w\s]")
APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'"})


class MatchKind(StrEnum):
    """How a match was found, best first."""

    EXACT = "exact"
    FUZZY = "fuzzy"
    SEMANTIC = "semantic"


RANK = {kind: rank for rank, kind in enumerate(MatchKind)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry of the memory that may match. `similarity` is the cosine of the vectors, where they were compared."""

    entry_id: int
    source: str
    target: str
    domain: str | None = None
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that matches. `numbers_differ`: its source has other numbers than the text, so mind its translation."""

    entry_id: int
    source: str
    target: str
    kind: MatchKind
    score: float
    domain: str | None = None
    numbers_differ: bool = False


def fuzzy_score(text: str, source: str) -> float:
    """Return how much of `source` can stay, between 0 and 0.99; 1 when it is `text` itself."""
    if text == source:
        return 1.0
    mine, theirs = words_of(text), words_of(source)
    longest = max(len(mine), len(theirs))
    if not longest:
        return 0.0
    folded = Levenshtein.distance([word.casefold() for word in mine], [word.casefold() for word in theirs])
    penalties = (
        (CASE_PENALTY, Levenshtein.distance(mine, theirs) > folded),
        (PUNCTUATION_PENALTY, MARK.findall(text) != MARK.findall(source)),
        (NUMBER_PENALTY, numbers_differ(text, source)),
    )
    lost = sum(penalty for penalty, differs in penalties if differs)
    if not folded and not lost:
        lost = SPACE_PENALTY
    return round(min(BEST_FUZZY, max(0.0, 1 - folded / longest - lost)), 4)


def words_of(text: str) -> list[str]:
    """Return the words and numbers of a text, in their order."""
    return WORD.findall(text.translate(APOSTROPHES))


def numbers_differ(text: str, source: str) -> bool:
    """Do the two texts hold other numbers, however they are written and in whatever order?"""
    return Counter(find_numbers(text)) != Counter(find_numbers(source))


def exact_match(text: str, candidate: Candidate) -> Match:
    """Make a match of an entry whose source is the very text."""
    return _match(text, candidate, MatchKind.EXACT, 1.0)


def fuzzy_match(text: str, candidate: Candidate) -> Match:
    """Score an entry with similar words."""
    return _match(text, candidate, MatchKind.FUZZY, fuzzy_score(text, candidate.source))


def semantic_match(text: str, candidate: Candidate) -> Match:
    """Make a match of an entry by the cosine of its vector and the text's."""
    return _match(text, candidate, MatchKind.SEMANTIC, round(max(0.0, min(1.0, candidate.similarity or 0.0)), 4))


def _match(text: str, candidate: Candidate, kind: MatchKind, score: float) -> Match:
    return Match(
        entry_id=candidate.entry_id,
        source=candidate.source,
        target=candidate.target,
        kind=kind,
        score=score,
        domain=candidate.domain,
        numbers_differ=kind is not MatchKind.EXACT and numbers_differ(text, candidate.source),
    )


def is_near(match: Match) -> bool:
    """Is a semantic match near enough to be worth a look?"""
    return match.score >= LEAST_COSINE


def least_similarity(minimum_score: float) -> float:
    """Return the share of common trigrams below which no candidate is looked at for a fuzzy score.

    Of two texts of like length that share a part `s` of their words, `s` is common and `2 - s` is in either.
    """
    return round(max(LEAST_TRIGRAMS, TRIGRAM_SLACK * minimum_score / (2 - minimum_score)), 4)


def rank_matches(matches: Iterable[Match], *, limit: int) -> tuple[Match, ...]:
    """Keep each entry once, as what it matches best, and return the best: exact, then fuzzy, then semantic by score.

    Two entries with the same translation of the same source are one match: the older entry stands for both.
    """
    best: dict[tuple[str, str], Match] = {}
    for match in sorted(matches, key=_order):
        best.setdefault((match.source, match.target), match)
    return tuple(best.values())[:limit]


def _order(match: Match) -> tuple[int, float, int]:
    return RANK[match.kind], -match.score, match.entry_id
