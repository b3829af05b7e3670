from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.text.numbers import find_numbers
from engines.writing.drafts import Draft, Passage
from engines.writing.verify import CONTEXT_CHARACTERS, Fault, find_dates, verify

TEXT = (
    "The Manager signs contracts up to $40,000 and prepares the larger ones for the contracting authority (AS-05). "
    "The position is bilingual BBB/BBB from June 15, 2026. The Manager plans the budget. The Manager plans the leases."
)
SECTIONS = [Passage("nature_and_scope", 0, len(TEXT))]


def draft(original: str, suggested: str, **more: Any) -> Draft:
    values: dict[str, Any] = {"section": "nature_and_scope", "explanation": "Why.", "confidence": 0.8, **more}
    return Draft("style", original=original, suggested=suggested, **values)


def fault(original: str, suggested: str, *, text: str = TEXT, language: str = "en", **more: Any) -> str | None:
    verified = verify([draft(original, suggested, **more)], text, [Passage("nature_and_scope", 0, len(text))], language)
    assert len(verified.suggestions) + sum(verified.dropped.values()) == 1
    return next(iter(verified.dropped), None)


def test_what_holds_is_placed_with_the_text_around_it() -> None:
    [kept] = verify([draft("plans the budget", "prepares the budget")], TEXT, SECTIONS, "en").suggestions
    assert TEXT[kept.start : kept.end] == "plans the budget"
    assert kept.context_before == TEXT[kept.start - CONTEXT_CHARACTERS : kept.start]
    assert kept.context_after == TEXT[kept.end : kept.end + CONTEXT_CHARACTERS]
    assert kept.section == "nature_and_scope"


@pytest.mark.parametrize(
    ("original", "suggested", "expected"),
    [
        ("plans the fleet", "prepares the fleet", Fault.NOT_IN_TEXT),
        ("plans the bud", "prepares the bud", Fault.NOT_IN_TEXT),
        ("The Manager plans", "The Manager prepares", Fault.AMBIGUOUS),
        ("plans the budget", "plans the budget", Fault.UNCHANGED),
        ("plans the budget", "  ", Fault.EMPTY),
        ("", "plans", Fault.NOT_IN_TEXT),
        ("contracts up to $40,000", "contracts up to $50,000", Fault.NUMBERS),
        ("contracts up to $40,000", "contracts", Fault.NUMBERS),
        ("plans the budget", "plans the 2027 budget", Fault.NUMBERS),
        ("from June 15, 2026", "from July 15, 2026", Fault.DATES),
        ("authority (AS-05)", "authority (EX-05)", Fault.CODES),
        ("bilingual BBB/BBB", "bilingual CBC/CBC", Fault.CODES),
        ("bilingual BBB/BBB", "bilingual", Fault.CODES),
        ("plans the budget", "plans the budget " + "and then the other budgets " * 3, Fault.LENGTH),
        ("plans the budget", "planifie le budget dans la région", Fault.LANGUAGE),
        ("plans the budget", "plans\u202e the budget now", Fault.HIDDEN_CHARACTERS),
        ("plans the budget", "plans the\u200b budget", Fault.HIDDEN_CHARACTERS),
        ("plans the budget", "plans\x00 the budget", Fault.HIDDEN_CHARACTERS),
        ("plans the budget", "plans the budget with Deloitte", Fault.NEW_NAME),
        ("plans the budget", "plans the Authority budget", None),
        ("from June 15, 2026", "as of June 15, 2026", None),
        ("contracts up to $40,000", "contracts of up to $40,000", None),
    ],
)
def test_what_does_not_hold_is_dropped_for_its_reason(original: str, suggested: str, expected: Fault | None) -> None:
    assert fault(original, suggested) == expected


def test_a_name_that_a_rule_vouches_for_may_be_new() -> None:
    assert fault("plans the budget", "plans the Treasury Board budget", source="policy_name") is None


def test_french_against_english_and_spacing() -> None:
    text = "Le gestionnaire signe les marchés au plus à 40 000 $ dès le 15 juin 2026 : il en répond."
    assert fault("signe les marchés", "signs the contracts for the unit", text=text, language="fr") == Fault.LANGUAGE
    assert fault("40 000 $", "40\u00a0000\u00a0$", text=text, language="fr") is None
    assert fault("40 000 $", "40 500 $", text=text, language="fr") == Fault.NUMBERS
    assert fault("le 15 juin 2026", "le 15 juillet 2026", text=text, language="fr") == Fault.DATES


def test_a_quotation_given_as_often_as_it_stands_there_is_placed_in_order() -> None:
    drafts = [draft("The Manager plans", "The Manager prepares"), draft("The Manager plans", "The Manager draws up")]
    kept = verify(drafts, TEXT, SECTIONS, "en").suggestions
    assert [one.draft.suggested for one in kept] == ["The Manager prepares", "The Manager draws up"]
    assert kept[0].start < kept[1].start


def test_a_place_that_is_stated_must_be_true_and_in_a_passage() -> None:
    start = TEXT.rindex("The Manager plans")
    [kept] = verify([draft("The Manager plans", "The Manager prepares", start=start)], TEXT, SECTIONS, "en").suggestions
    assert kept.start == start
    assert fault("The Manager plans", "The Manager prepares", start=start + 1) == Fault.NOT_IN_TEXT
    elsewhere = [Passage("dimensions", 0, 20)]
    assert verify([draft("plans", "draws", start=start + 12)], TEXT, elsewhere, "en").dropped == {Fault.NOT_IN_TEXT: 1}


def test_another_section_is_another_text() -> None:
    sections = [Passage("dimensions", 0, 50), Passage("nature_and_scope", 50, len(TEXT))]
    wrong = draft("plans the budget", "prepares the budget", section="dimensions")
    assert verify([wrong], TEXT, sections, "en").dropped == {Fault.NOT_IN_TEXT: 1}
    anywhere = draft("plans the budget", "prepares the budget", section=None)
    assert verify([anywhere], TEXT, sections, "en").suggestions[0].section == "nature_and_scope"


def test_the_same_twice_is_one() -> None:
    twice = [draft("plans the budget", "prepares the budget")] * 2
    verified = verify(twice, TEXT, SECTIONS, "en")
    assert (len(verified.suggestions), verified.dropped) == (1, {Fault.REPEATED: 1})


def test_dates_are_read_in_both_languages() -> None:
    assert list(find_dates("June 15, 2026, the 1st of May, and March 2027")) == [
        (6, Decimal(15)),
        (5, Decimal(1)),
        (3, Decimal(2027)),
    ]
    assert list(find_dates("le 1er août 2026 et le 15 juin; en mars 2027")) == [
        (8, Decimal(1)),
        (6, Decimal(15)),
        (3, Decimal(2027)),
    ]


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=60), st.none() | st.integers(-5, 300)), max_size=8))
def test_whatever_is_proposed_what_is_kept_stands_in_the_text_and_keeps_its_numbers(
    proposed: list[tuple[str, str, int | None]],
) -> None:
    drafts = [draft(original, suggested, start=start) for original, suggested, start in proposed]
    verified = verify(drafts, TEXT, SECTIONS, "en")
    assert len(verified.suggestions) + sum(verified.dropped.values()) == len(drafts)
    for one in verified.suggestions:
        assert TEXT[one.start : one.end] == one.draft.original != one.draft.suggested
        assert one.draft.suggested.strip()
        assert sorted(find_numbers(one.draft.suggested)) == sorted(find_numbers(one.draft.original))


@given(st.integers(0, len(TEXT)), st.integers(1, 80), st.text(max_size=30))
def test_any_piece_of_the_text_with_something_put_in(start: int, length: int, added: str) -> None:
    original = TEXT[start : start + length]
    verified = verify([draft(original, original + added, start=start)], TEXT, SECTIONS, "en")
    for one in verified.suggestions:
        assert one.context_before + one.draft.original + one.context_after in TEXT
        assert find_numbers(one.draft.suggested) == find_numbers(one.draft.original)
