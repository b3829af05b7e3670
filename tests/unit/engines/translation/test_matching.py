from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.translation.matching import (
    Candidate,
    MatchKind,
    exact_match,
    fuzzy_match,
    fuzzy_score,
    is_near,
    least_similarity,
    rank_matches,
    semantic_match,
)

SENTENCE = "The Director sets the plans of nine canals."


@pytest.mark.parametrize(
    ("text", "score"),
    [
        (SENTENCE, 1.0),
        ("The Director sets the plans of ten canals.", 1 - 1 / 8),
        ("The Director sets the plans of canals.", 1 - 1 / 8),
        ("The Director sets the water plans of nine canals.", 1 - 1 / 9),
        ("the director sets the plans of nine canals.", 1 - 0.02),
        ("The Director sets the plans of nine canals", 1 - 0.02),
        ("the Director sets the plans of nine canals;", 1 - 0.04),
        ("The Director sets the plans of 9 canals.", 1 - 1 / 8 - 0.03),
        ("The Director sets the plans  of nine canals.", 1 - 0.01),
        ("Entirely other words stand here, do they not?", 0.0),
    ],
)
def test_a_score_counts_words_and_takes_the_penalties(text: str, score: float) -> None:
    assert fuzzy_score(text, SENTENCE) == pytest.approx(score, abs=0.0001)


def test_a_number_counts_as_one_word_however_it_is_written() -> None:
    assert fuzzy_score("Budget: $1,085,000 a year", "Budget: $1,085,500 a year") == pytest.approx(1 - 1 / 4 - 0.03)
    # The same amount, written otherwise: another word, and no other number.
    assert fuzzy_match("3 260 000 $ par an", Candidate(1, "3\u00a0260\u00a0000 $ par an", "x")).numbers_differ is False


def test_elided_articles_are_words_and_apostrophes_are_alike() -> None:
    assert fuzzy_score("l'écluse", "l\u2019écluse") == pytest.approx(0.98)
    assert fuzzy_score("l\u2019écluse est fermée", "d\u2019écluse est fermée") == pytest.approx(1 - 1 / 4)


@given(st.text(max_size=60), st.text(max_size=60))
def test_scores_are_even_handed_and_only_the_same_text_has_one(one: str, other: str) -> None:
    score = fuzzy_score(one, other)
    assert score == fuzzy_score(other, one)
    assert (score == 1.0) == (one == other)
    assert 0 <= score <= 1


def test_each_entry_is_shown_once_as_what_it_matches_best() -> None:
    entry = Candidate(1, "The plans of ten canals", "a", similarity=0.8)
    other = Candidate(2, "Nine canals have plans", "b", similarity=0.9)
    matches = [
        semantic_match("The plans of nine canals", other),
        semantic_match("The plans of nine canals", entry),
        fuzzy_match("The plans of nine canals", entry),
        exact_match("The plans of nine canals", Candidate(3, "The plans of nine canals", "c")),
    ]
    ranked = rank_matches(matches, limit=5)
    assert [(match.entry_id, match.kind) for match in ranked] == [
        (3, MatchKind.EXACT),
        (1, MatchKind.FUZZY),
        (2, MatchKind.SEMANTIC),
    ]
    assert [match.entry_id for match in rank_matches(matches, limit=1)] == [3]


def test_a_translation_that_two_entries_hold_is_shown_once() -> None:
    twice = [exact_match("a", Candidate(number, "a", "b", domain)) for number, domain in [(9, "x"), (4, "y")]]
    assert [match.entry_id for match in rank_matches(twice, limit=5)] == [4]


def test_other_numbers_are_flagged() -> None:
    assert fuzzy_match("within 10 days", Candidate(1, "within 15 days", "x")).numbers_differ
    assert semantic_match("within 10 days", Candidate(1, "in 15 days", "x", similarity=0.6)).numbers_differ
    assert not fuzzy_match("within 10 days", Candidate(1, "in 10 days", "x")).numbers_differ


@pytest.mark.parametrize(("similarity", "near"), [(0.49, False), (0.5, True), (1.2, True), (-0.3, False)])
def test_a_semantic_match_must_be_near(similarity: float, near: bool) -> None:  # noqa: FBT001 - what is expected
    match = semantic_match("a", Candidate(1, "b", "c", similarity=similarity))
    assert is_near(match) is near
    assert 0 <= match.score <= 1


@pytest.mark.parametrize(("score", "trigrams"), [(0.3, 0.2), (0.7, 0.4308), (1.0, 0.8)])
def test_a_higher_score_asks_for_more_trigrams_in_common(score: float, trigrams: float) -> None:
    assert least_similarity(score) == trigrams
