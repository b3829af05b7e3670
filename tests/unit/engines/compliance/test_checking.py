"""What a check says of whole descriptions: the samples, and real postings where they are at hand."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pytest

from engines.compliance.checking import MOST_FINDINGS, check
from engines.compliance.findings import Finding, Status
from engines.text.numbers import find_numbers

SAMPLES = Path(__file__).parents[4] / "db" / "samples" / "job_descriptions"
DATA = os.environ.get("DRAY_BENCHMARK_DATA", "")


def read(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8").split("---\n", 2)[2].strip() + "\n"


def broken(text: str, language: str) -> list[Finding]:
    return [finding for finding in check(text, language).findings if finding.status is not Status.COMPLIANT]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "as-05-manager-administrative-services.en.md",
            {"supervisory_profile": 1, "long_sentence": 1, "generic_masculine": 2, "vague_duty": 1},
        ),
        (
            "as-05-manager-administrative-services.fr.md",
            {"supervisory_profile": 1, "french_spacing": 3, "vague_duty": 1},
        ),
        (
            "ex-01-director-waterway-operations-planning.en.md",
            {"long_sentence": 1, "generic_masculine": 1, "vague_duty": 2},
        ),
        (
            "ex-01-director-waterway-operations-planning.fr.md",
            {"french_spacing": 4, "long_sentence": 1, "vague_duty": 2},
        ),
    ],
)
def test_the_samples_have_the_faults_that_were_put_into_them_and_no_others(name: str, expected: dict[str, int]) -> None:
    found = broken(read(name), name.split(".")[1])
    assert Counter(finding.rule for finding in found) == expected


def test_the_number_of_words_in_the_advice_is_that_of_the_sentence() -> None:
    [found] = [
        finding
        for finding in broken(read("ex-01-director-waterway-operations-planning.en.md"), "en")
        if finding.rule == "long_sentence"
    ]
    words = str(found.flagged).split()
    assert [int(number) for number in find_numbers(str(found.recommendation))] == [len(words), 40]


@pytest.mark.parametrize(
    ("language", "text", "rule", "numbers"),
    [
        ("fr", "Titre : Commis\nBudget : 100 $\nTaux : 5 %", "french_no_break_space", [4]),
        ("en", "1. Plans.\n2. Directs.\n5. Reports.", "list_numbering", [3, 2]),
        ("en", "# Work\n\nX.\n\n#### Dimensions\n\nX.", "heading_level", [2, 1]),
    ],
)
def test_every_number_in_an_advice_comes_from_the_text(language: str, text: str, rule: str, numbers: list[int]) -> None:
    [found] = [finding for finding in broken(text, language) if finding.rule == rule]
    assert [int(number) for number in find_numbers(str(found.recommendation))] == numbers


@pytest.mark.parametrize(
    ("profile", "flagged"),
    [("CBC/CBC", None), ("CCC/CCC", None), ("PPP/PPP", None), ("CAC/CAC", "CAC/CAC"), ("CBC/CBB", "CBC/CBB")],
)
def test_a_supervisor_in_a_bilingual_position_needs_cbc(profile: str, flagged: str | None) -> None:
    text = f"Language Requirements: Bilingual {profile}\n\n## Structure\n\nTwo positions report to the Chief."
    found = [finding.flagged for finding in broken(text, "en") if finding.rule == "supervisory_profile"]
    assert found == ([flagged] if flagged else [])


def test_a_kept_rule_is_said_to_be_kept_and_one_that_does_not_apply_is_not_named() -> None:
    checked = check("Group/Level: AS-05\n\n## Key Activities\n\nPlans the work.\n", "en")
    kept = {finding.rule for finding in checked.findings if finding.status is Status.COMPLIANT}
    assert "generic_masculine" in kept
    named = {finding.rule for finding in checked.findings}
    assert named.isdisjoint({"section_order", "language_profile", "french_spacing"})


def test_only_the_asked_types_are_checked() -> None:
    checked = check(read("as-05-manager-administrative-services.en.md"), "en", check_types=["format"])
    assert {finding.check_type for finding in checked.findings} == {"format"}


def test_findings_come_in_the_order_of_the_text_and_what_is_kept_at_the_end() -> None:
    findings = check("Effective Date: TBD\n\nHe plans the the work.\n", "en").findings
    places = [finding.start for finding in findings if finding.start is not None]
    assert places == sorted(places)
    statuses = [finding.status is Status.COMPLIANT for finding in findings]
    assert statuses == sorted(statuses)


@pytest.mark.parametrize("text", ["", " \n\n ", "\ufeff", "#", "# ", ":", "\r\r\n"])
def test_next_to_nothing_can_be_checked(text: str) -> None:
    for language in ("en", "fr"):
        assert {finding.status for finding in check(text, language).findings} >= {Status.COMPLIANT}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("shape", ["as it is", "on one line", "letters", "digits", "brackets", "pronouns", "headings"])
def test_sixty_kilobytes_are_checked_in_no_time(language: str, shape: str) -> None:
    sample = "".join(read(path.name) for path in sorted(SAMPLES.glob(f"*.{language}.md")))
    text = {
        "as it is": sample * 10,
        "on one line": (sample * 10).replace("\n", " "),
        "letters": "a" * 60_000,
        "digits": "1," * 30_000,
        "brackets": "[" * 60_000,
        "pronouns": "he/she " * 9_000,
        "headings": "## DIMENSIONX\n" * 4_000,
    }[shape][:60_000]
    begun = time.process_time()
    check(text, language)
    # A fifth of this on an idle machine; what is quadratic takes forty seconds.
    assert time.process_time() - begun < 5


@pytest.mark.skipif(not DATA, reason="DRAY_BENCHMARK_DATA names no folder with real postings")
def test_real_postings_give_no_false_alarm_of_the_grave_rules() -> None:
    grave = {"prohibited_ground", "coded_preference", "disability_term", "physical_requirement", "gendered_title"}
    postings = sorted(Path(DATA, "gc_job_postings").glob("*.md"))
    assert postings
    for path in postings:
        found = broken(path.read_text(encoding="utf-8"), path.suffixes[-2][1:])
        assert {finding.rule for finding in found}.isdisjoint(grave), path.name


def test_a_rule_gives_so_many_places_and_says_how_many_more_there_are() -> None:
    findings = [one for one in check("a & b\n\n" * (MOST_FINDINGS + 50), "en").findings if one.rule == "ampersand"]
    assert len(findings) == MOST_FINDINGS
    assert [one.more for one in findings if one.more] == [50]
    assert findings[-1].more == 50


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["word  word  ", "DIMENSIONS\n\n"])
def test_a_long_line_and_many_headings_are_checked_in_seconds(part: str) -> None:
    assert check(part * (100_000 // len(part)), "en").findings
