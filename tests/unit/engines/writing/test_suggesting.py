"""Proposals for long texts, and where they stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.writing.drafts import Passage, Passages, Remark
from engines.writing.suggesting import suggest


@given(st.lists(st.integers(0, 30), min_size=2, max_size=12, unique=True), st.integers(0, 30), st.integers(0, 5))
def test_a_place_is_in_the_passage_that_holds_all_of_it(bounds: list[int], start: int, length: int) -> None:
    bounds.sort()
    # Every second stretch belongs to no passage.
    passages = [Passage(None, begin, end) for begin, end in zip(bounds[::2], bounds[1::2], strict=False)]
    expected = [one for one in passages if one.start <= start < one.end and start + length <= one.end]
    found = Passages(passages).holding(start, start + length)
    if length or expected:
        assert found == (expected[0] if expected else None)


def test_of_two_proposals_that_touch_the_first_type_is_kept() -> None:
    text = "The Manager acts in order to keep prices."
    remark = Remark("rule", 17, 25, "so as", "Why.", 0.9)
    drafts = suggest(text, "en", [Passage(None, 0, len(text))], [remark], suggestion_types=["compliance", "style"])
    assert [(draft.suggestion_type, draft.original) for draft in drafts] == [("compliance", text[17:25])]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["## A heading\n\nHe acts in order to act.\n\n", "a&b,he/she,"])
def test_a_long_text_takes_seconds(part: str) -> None:
    text = part * (150_000 // len(part))
    starts = range(0, len(text), len(part))
    passages = [Passage(None, start, start + len(part)) for start in starts]
    if "\n" not in part:
        passages = [Passage(None, 0, len(text))]
    remarks = [Remark("rule", start + 1, start + 2, "and", "Why.", 0.9) for start in starts]
    drafts = suggest(text, "en", passages, remarks, suggestion_types=["compliance", "style"])
    places = [(draft.start or 0, (draft.start or 0) + len(draft.original)) for draft in drafts]
    assert places
    assert all(before[1] <= after[0] for before, after in pairwise(places))
