"""Headings are found in both languages and in every shape that real descriptions have, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.compliance.document import Document
from engines.compliance.sections import find_sections

SAMPLES = Path(__file__).parents[4] / "db" / "samples" / "job_descriptions"


def types(text: str) -> list[str]:
    return [section.type for section in find_sections(text)]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("GENERAL ACCOUNTABILITY", "general_accountability"),
        ("## General Accountability", "general_accountability"),
        ("**General Accountability:**", "general_accountability"),
        ("RESPONSABILITES GENERALES", "general_accountability"),
        ("RESPONSABILIT S G N RALES", "general_accountability"),
        ("Responsabilité générale", "general_accountability"),
        ("ORGANIZATIONAL STRUCTURE", "organization_structure"),
        ("NATURE & SCOPE", "nature_and_scope"),
        ("Nature and Scope", "nature_and_scope"),
        ("NATURE & PORTÉE", "nature_and_scope"),
        ("NATURE ET PORTEE DES FONCTIONS", "nature_and_scope"),
        ("III. NATURE AND SCOPE", "nature_and_scope"),
        ("SPECIFIC ACCOUNTIBILITIES", "specific_accountabilities"),
        ("SPECIFIC ACCOUNTABILITIES (CONTINUED)", "specific_accountabilities"),
        ("SPECIFIC ACCOUNTABILITIES / RESPONSABILITES PARTICULIERES", "specific_accountabilities"),
        ("DONNÉES CHIFFRÉES", "dimensions"),
        ("Étendue des responsabilités", "dimensions"),
        ("CONDITIONS DE TRAVAIL", "working_conditions"),
        ("Attestation", "certification"),
        ("Knowledge, Skills and Abilities", "knowledge_and_skills"),
        ("OFFICIAL LANGUAGE PROFICIENCY", "official_languages"),
        ("CONDITIONS OF EMPLOYMENT", "conditions_of_employment"),
        ("ENJEUX DE LA RÉGION", "other"),
        ("## Anything at all", "other"),
    ],
)
def test_a_line_of_its_own_is_a_heading(heading: str, kind: str) -> None:
    text = f"Position Title: Director\n\n{heading}\n\nThe text below it.\n"
    [above, section] = find_sections(text)
    assert (above.type, section.type) == ("tombstone", kind)
    assert text[slice(*section.heading)] == heading
    assert text[slice(*section.body)] == "\n\nThe text below it.\n"


@pytest.mark.parametrize(
    "text",
    [
        "It describes the nature and scope of the work, its dimensions\nand the working conditions.",
        "The plan has three\nDimensions\nof which one is cost.",
        "- Education\n- Experience",
        "Dimensions of the work are described below.",
        "General accountability is shared with the Director.",
        "EX-01\n\nTBS, PSPC.\n\nCBC/CBC",
        "STOP!",
    ],
)
def test_words_in_a_text_are_no_heading(text: str) -> None:
    assert types(text) == ["other"]


def test_a_bilingual_template_has_one_section_for_both_headings() -> None:
    text = "GENERAL ACCOUNTABILITY\nRESPONSABILITES GENERALES\n\nX.\n\nDIMENSIONS\n\nETENDUE DES RESPONSABILITES\n\nY."
    first, second = find_sections(text)
    assert (first.type, second.type) == ("general_accountability", "dimensions")
    assert text[slice(*first.heading)] == "GENERAL ACCOUNTABILITY\nRESPONSABILITES GENERALES"
    assert text[slice(*second.body)].strip() == "Y."


def test_a_scanned_text_without_blank_lines_has_its_sections() -> None:
    text = "POSITION TITLE: Director\nGENERAL ACCOUNTABILITY\nThe Director plans.\nDIMENSIONS\nFTE: 12\n"
    assert types(text) == ["tombstone", "general_accountability", "dimensions"]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.md")), ids=lambda path: path.stem)
def test_the_samples_have_all_their_sections(path: Path) -> None:
    text = path.read_text(encoding="utf-8").split("---\n", 2)[2]
    assert types(text) == [
        *("tombstone", "general_accountability", "organization_structure", "nature_and_scope", "dimensions"),
        *("specific_accountabilities", "working_conditions", "certification"),
    ]
    document = Document(text, path.suffixes[0][1:])
    assert document.is_executive is path.stem.startswith("ex-01")
    assert {"title", "classification", "supervisor", "language_requirements", "effective_date"} <= set(document.labels)


def test_the_sections_are_the_whole_text() -> None:
    text = "Above.\n\n# Work Description\n\nTitle: X\n\n## Dimensions\n\nY.\n"
    sections = find_sections(text)
    pieces = [text[slice(*place)] for section in sections for place in (section.heading, section.body)]
    assert "".join(pieces) == text
