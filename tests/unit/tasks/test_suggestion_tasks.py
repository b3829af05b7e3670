"""What the task makes of what others found: hand-made findings and matches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from db.repositories.suggestions import AlignedSentence
from engines.compliance.findings import Checked, Finding, Section, Severity, Status
from engines.writing.drafts import Passage
from providers.ai.usage import Usage
from tasks.asking_assistant import Asked, questions
from tasks.suggestions import UnknownSection, passages_of, remarks_of
from tasks.translation_suggestions import another_translation

TEXT = "Position Title: Manager\n\n## SCOPE\n\nHe plans. He decides.\n"
SCOPE = Section("nature_and_scope", "SCOPE", (25, 33), (35, 56))
SENTENCE = AlignedSentence("The Manager plans.", "Le gestionnaire prévoit.", "en", "fr", 0.9)


@dataclass(frozen=True)
class Found:
    target: str
    kind: str = "exact"
    score: float = 1.0
    entry_id: int = 7


def finding(**more: object) -> Finding:
    values: dict[str, object] = {"section": "nature_and_scope", "start": 35, "end": 37, "flagged": "He", **more}
    return Finding(
        "generic_masculine", "language", "Names one gender.", Status.WARNING, Severity.MEDIUM,
        **values,  # type: ignore[arg-type]
    )  # fmt: skip


def test_only_a_finding_with_a_certain_replacement_becomes_a_remark() -> None:
    certain = finding(replacement="They", recommendation="Write “they”.")
    violation = Finding(
        "r", "policy", "What it is about.", Status.VIOLATION, Severity.HIGH, None, 0, 8, "Position", None, ""
    )
    kept = Finding("kept", "format", "Kept.", Status.COMPLIANT, Severity.LOW)
    checked = Checked("en", (SCOPE,), (finding(), certain, violation, kept))
    remarks = [(one.rule, one.replacement, one.explanation, one.confidence) for one in remarks_of(checked)]
    assert remarks == [
        ("generic_masculine", "They", "Write “they”.", 0.75),
        ("r", "", "What it is about.", 0.9),
    ]


def test_passages_are_the_sections_and_what_lies_around_them() -> None:
    checked = Checked("en", (SCOPE,), ())
    everything = passages_of(checked, TEXT, None)
    assert "".join(passage.within(TEXT) for passage in everything) == TEXT
    assert [passage.section for passage in everything] == [None, "nature_and_scope", None]
    assert passages_of(checked, TEXT, ["nature_and_scope"]) == (Passage("nature_and_scope", 35, 56),)
    assert passages_of(Checked("en", (), ()), TEXT, None) == (Passage(None, 0, len(TEXT)),)


def test_a_section_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownSection, match=r"no section 'salary'; it has: nature_and_scope\."):
        passages_of(Checked("en", (SCOPE,), ()), TEXT, ["salary"])
    with pytest.raises(UnknownSection, match="no section was found in it"):
        passages_of(Checked("en", (), ()), TEXT, ["salary"])


def test_a_model_is_asked_about_sections_and_not_about_the_block_of_facts() -> None:
    passages = [Passage("tombstone", 0, 25), Passage("nature_and_scope", 35, 56), Passage(None, 25, 35)]
    assert [one.within(TEXT) for one in questions(TEXT, "en", passages)] == ["He plans. He decides."]
    assert [one.section for one in questions(TEXT, "en", [Passage(None, 0, len(TEXT))])] == [None]


def test_the_memory_proposes_what_it_has_unless_it_has_what_stands_there() -> None:
    draft = another_translation(SENTENCE, [Found("Le gestionnaire planifie."), Found("La gestion planifie.")])
    assert draft is not None
    assert (draft.original, draft.suggested, draft.confidence) == (SENTENCE.target, "Le gestionnaire planifie.", 0.9)
    assert draft.explanation == "Entry 7 of the memory translates the same sentence like this (score 1.00)."
    known = [Found("Le gestionnaire planifie."), Found("Le gestionnaire  prévoit.")]
    assert another_translation(SENTENCE, known) is None


def test_the_mark_of_a_list_item_is_no_part_of_its_translation() -> None:
    marked = replace(SENTENCE, source=f"- {SENTENCE.source}", target=f"- {SENTENCE.target}")
    assert another_translation(marked, [Found(SENTENCE.target)]) is None
    draft = another_translation(marked, [Found("- La gestion planifie.")])
    assert draft is not None
    assert (draft.original, draft.suggested) == (SENTENCE.target, "La gestion planifie.")


@pytest.mark.parametrize("found", [Found("Autre.", "semantic", 0.99), Found("Autre.", "fuzzy", 0.9)])
def test_what_only_resembles_is_no_translation(found: Found) -> None:
    assert another_translation(SENTENCE, [found]) is None


def test_a_sum_with_an_unknown_price_is_unknown() -> None:
    asked = Asked(calls=2, paid={"a": Usage(10, cost_usd=Decimal("0.1")), "b": Usage(5, cost_usd=None)})
    assert asked.figures()["cost_usd"] is None
    assert asked.figures()["tokens"]["input"] == 15
    assert Asked().figures()["cost_usd"] is None
    assert Asked(calls=1).figures()["cost_usd"] == "0"
