"""Every rule finds its examples, to the character, and leaves its counter-examples alone."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.args.descriptions import CheckType
from engines.compliance.checking import check
from engines.compliance.findings import Finding, Status
from engines.compliance.rule import CounterExample, Example, Rule
from engines.compliance.rules import RULES

EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]
COUNTER_EXAMPLES = [(rule, example) for rule in RULES for example in rule.counter_examples]
# Pieces that rules look for, so that arbitrary texts come near to them.
PIECES = sorted(
    {piece for rule in RULES for example in rule.examples for piece in (*example.flagged, *example.text.split("\n"))}
)


def broken(text: str, language: str, rule: Rule) -> list[Finding]:
    findings = check(text, language).findings
    return [finding for finding in findings if finding.rule == rule.id and finding.status is not Status.COMPLIANT]


def name(value: object) -> str | None:
    if isinstance(value, Rule):
        return value.id
    return value.language if isinstance(value, Example | CounterExample) else None


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=name)
def test_a_rule_finds_its_example(rule: Rule, example: Example) -> None:
    found = broken(example.text, example.language, rule)
    assert tuple(finding.flagged or "" for finding in found) == example.flagged
    assert all(finding.recommendation for finding in found)
    assert {finding.status for finding in found} == {rule.status}


@pytest.mark.parametrize(("rule", "example"), COUNTER_EXAMPLES, ids=name)
def test_a_rule_leaves_its_counter_example_alone(rule: Rule, example: CounterExample) -> None:
    assert broken(example.text, example.language, rule) == []


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_a_rule_proves_itself_in_each_of_its_languages(rule: Rule) -> None:
    for proofs in (rule.examples, rule.counter_examples):
        assert {proof.language for proof in proofs} == set(rule.languages)


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_a_rule_fits_the_columns_of_the_schema(rule: Rule) -> None:
    assert len(rule.id) <= 100
    assert rule.source
    assert rule.status is not Status.COMPLIANT


def test_every_type_of_check_has_rules() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES) >= 20
    assert Counter(rule.check_type for rule in RULES).keys() == set(CheckType)


def test_a_replacement_leaves_nothing_of_its_rule_to_be_found() -> None:
    for rule, example in EXAMPLES:
        fixable = [
            finding for finding in broken(example.text, example.language, rule) if finding.replacement is not None
        ]
        text = example.text
        for finding in reversed(fixable):
            assert finding.replacement is not None
            text = text[: finding.start] + finding.replacement + text[finding.end :]
        if fixable and len(fixable) == len(example.flagged):
            assert broken(text, example.language, rule) == [], rule.id


@pytest.mark.parametrize(
    ("language", "text", "replaced"),
    [
        ("en", "Plans the the work.", "Plans the work."),
        ("en", "Boats (e.g. canoes), i.e., the fleet.", "Boats (for example, canoes), that is, the fleet."),
        ("en", "It costs 40,000 $ on June 15th, 2026.", "It costs $40,000 on June 15, 2026."),
        ("fr", "Le coût est de $1,085,000 ; le 1 Juin.", "Le coût est de 1\u00a0085\u00a0000\u00a0$; le 1 juin."),
        ("fr", "C.-à-d. les bateaux, p. ex. les canots.", "C’est-à-dire les bateaux, par exemple les canots."),
        ("fr", "Titre: «Commis»", "Titre\u00a0: «\u00a0Commis\u00a0»"),
        ("en", "NATURE & SCOPE:\n\nIt plans.", "NATURE AND SCOPE\n\nIt plans."),
    ],
)
def test_what_is_certain_can_be_replaced(language: str, text: str, replaced: str) -> None:
    fixes = [finding for finding in check(text, language).findings if finding.replacement is not None]
    for finding in reversed(fixes):
        text = text[: finding.start] + str(finding.replacement) + text[finding.end :]
    assert text == replaced


@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=12).flatmap(
        lambda pieces: st.sampled_from(["\n", "\n\n", " ", "\r\n"]).map(lambda glue: glue.join(pieces))
    ),
    st.sampled_from(["en", "fr"]),
)
def test_any_text_can_be_checked(text: str, language: str) -> None:
    checked = check(text, language)
    for finding in checked.findings:
        if finding.start is not None and finding.end is not None:
            assert 0 <= finding.start < finding.end <= len(text)
            assert finding.flagged == text[finding.start : finding.end]
        else:
            assert finding.flagged is None
    keys = [
        (finding.rule, finding.section, finding.start, finding.end, finding.flagged) for finding in checked.findings
    ]
    assert len(set(keys)) == len(keys)
    covered = [place for section in checked.sections for place in (*section.heading, *section.body)]
    assert covered == sorted(covered)
