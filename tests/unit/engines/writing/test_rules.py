from __future__ import annotations

import os
from pathlib import Path

import pytest

from engines.text.numbers import find_numbers
from engines.writing.drafts import Passage, Remark
from engines.writing.rules import RULES, Rule
from engines.writing.suggesting import ORDER, corrected, cut_passage, suggest
from engines.writing.verify import verify

TYPES = frozenset(ORDER)


def whole(text: str) -> list[Passage]:
    return [Passage("nature_and_scope", 0, len(text))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.language}-{rule.name}")
def test_a_rule_does_what_its_examples_say(rule: Rule) -> None:
    for wrong, right in rule.examples:
        assert rule.pattern.sub(lambda match: corrected(rule, match), wrong) == right
    for text in rule.leaves:
        assert not rule.pattern.search(text), text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.language}-{rule.name}")
def test_what_a_rule_proposes_passes_the_checks_and_says_why(rule: Rule) -> None:
    for wrong, _ in rule.examples:
        drafts = suggest(wrong, rule.language, whole(wrong), [], suggestion_types=TYPES)
        verified = verify(drafts, wrong, whole(wrong), rule.language)
        assert not verified.dropped
        [found] = [one for one in verified.suggestions if rule.name in str(one.draft.source)]
        assert (found.draft.suggestion_type, found.draft.confidence) == (rule.suggestion_type, rule.confidence)
        assert found.draft.explanation.endswith(f"({rule.name})") or ", " in str(found.draft.source)


def test_there_are_rules_for_both_languages_and_no_two_of_a_name() -> None:
    assert min(sum(rule.language == language for rule in RULES) for language in ("en", "fr")) >= 10
    assert len({(rule.language, rule.name) for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.language}-{rule.name}")
def test_confidence_is_the_rule_of_succession(rule: Rule) -> None:
    tried = len(rule.examples) + len(rule.leaves)
    assert rule.confidence == round((tried + 1) / (tried + 2), 2)


def test_a_correction_is_shown_with_the_words_around_it() -> None:
    text = "Manages leases.  Signs the  contracts , then files."
    shown = [(d.original, d.suggested) for d in suggest(text, "en", whole(text), [], suggestion_types=TYPES)]
    assert shown == [("leases.  Signs", "leases. Signs"), ("the  contracts ,", "the contracts,")]


def test_corrections_that_touch_become_one() -> None:
    text = "Une limite de 40 000 $ par an."
    [draft] = suggest(text, "fr", whole(text), [], suggestion_types=TYPES)
    assert (draft.original, draft.suggested) == ("40 000 $", "40\u00a0000\u00a0$")


def test_a_finding_with_a_certain_replacement_comes_before_a_rule_at_the_same_place() -> None:
    text = "He works in order to serve."
    remark = Remark("masculine_pronoun", 0, 2, "The Manager", "Name the position.", 0.9)
    longer = Remark("plain", 9, 20, "to", "Use plain words.", 0.75)
    found = suggest(text, "en", whole(text), [remark, longer], suggestion_types=TYPES)
    assert [(d.suggestion_type, d.original, d.suggested) for d in found] == [
        ("compliance", "He", "The Manager"),
        ("compliance", "in order to", "to"),
    ]
    assert found[0].explanation == "Name the position. (masculine_pronoun)"
    assert found[0].confidence == 0.9


def test_only_the_types_that_are_asked_for() -> None:
    text = "Works  in order to serve."
    assert {d.suggestion_type for d in suggest(text, "en", whole(text), [], suggestion_types={"style"})} == {"style"}
    assert suggest(text, "en", whole(text), [], suggestion_types={"content"}) == ()


def test_nothing_outside_the_passages() -> None:
    text = "In order to plan. In order to act."
    [draft] = suggest(text, "en", [Passage(None, 18, len(text))], [], suggestion_types=TYPES)
    assert draft.start == 18


def test_a_long_passage_is_cut_between_sentences_and_loses_nothing() -> None:
    text = "One sentence here. Another one there. A third of them. And a last."
    pieces = cut_passage(text, Passage("s", 0, len(text)), "en", longest=40)
    assert [piece.within(text) for piece in pieces] == [
        "One sentence here. Another one there.",
        "A third of them. And a last.",
    ]


def test_real_postings_are_corrected_without_a_fault() -> None:
    """Hundreds of changes to text that nobody here wrote: every one stands at its place and keeps every number."""
    folder = os.environ.get("DRAY_BENCHMARK_DATA")
    if not folder:
        pytest.skip("DRAY_BENCHMARK_DATA names no folder with the real postings")
    found = 0
    for path in sorted(Path(folder, "gc_job_postings").glob("*.md")):
        text, language = path.read_text(), path.name[-5:-3]
        verified = verify(suggest(text, language, whole(text), [], suggestion_types=TYPES), text, whole(text), language)
        assert not verified.dropped, path.name
        for one in verified.suggestions:
            assert text[one.start : one.end] == one.draft.original
            assert sorted(find_numbers(one.draft.suggested)) == sorted(find_numbers(one.draft.original))
        found += len(verified.suggestions)
    assert found > 100
