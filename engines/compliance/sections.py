"""Finds the sections of a description by their headings, in English and French.

A heading is a line of its own: one that Markdown marks, one in capitals, or one that is the name of a known section.
A section's name in mid-sentence is no heading.
"""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engines.compliance.findings import Section

TOMBSTONE = "tombstone"
OTHER = "other"

# What the headings of a section are, in capitals or not, with or without accents, "&" for "and".
HEADINGS: Mapping[str, tuple[str, ...]] = {
    TOMBSTONE: (
        "Work Description",
        "Job Description",
        "Position Description",
        "Executive Group Position Description",
        "Executive Group Job Description",
        "Position Identification",
        "Position Information",
        "Description de travail",
        "Description de poste",
        "Description d’emploi",
        "Identification du poste",
        "Renseignements sur le poste",
    ),
    "general_accountability": (
        "General Accountability",
        "General Accountabilities",
        "Responsabilité générale",
        "Responsabilités générales",
    ),
    "client_service_results": (
        "Client Service Results",
        "Position Summary",
        "Summary",
        "Purpose of the Position",
        "Résultats du service à la clientèle",
        "Résultats axés sur le service à la clientèle",
        "Sommaire du poste",
        "Raison d’être du poste",
    ),
    "organization_structure": (
        "Organization Structure",
        "Organizational Structure",
        "Organisation Structure",
        "Organization",
        "Structure organisationnelle",
        "Structure",
        "Structure de l’organisation",
    ),
    "nature_and_scope": (
        "Nature and Scope",
        "Nature et portée",
        "Nature et portée des fonctions",
        "Nature et portée du poste",
        "Nature et étendue",
    ),
    "dimensions": ("Dimensions", "Étendue des responsabilités", "Données chiffrées"),
    "specific_accountabilities": (
        "Specific Accountabilities",
        "Specific Accountability",
        "Responsabilités particulières",
        "Responsabilités spécifiques",
    ),
    "key_activities": (
        "Key Activities",
        "Key Responsibilities",
        "Responsibilities",
        "Duties",
        "Main Duties",
        "Principal Duties",
        "Duties and Responsibilities",
        "Activités principales",
        "Activités clés",
        "Principales activités",
        "Principales responsabilités",
        "Fonctions principales",
        "Tâches et responsabilités",
        "Responsabilités",
    ),
    "issues_and_initiatives": ("Issues and Initiatives", "Enjeux et initiatives"),
    "working_conditions": ("Working Conditions", "Work Environment", "Conditions de travail", "Milieu de travail"),
    "certification": (
        "Certification",
        "Certifications",
        "Signatures",
        "Signature",
        "Attestation",
        "Attestations",
    ),
    "knowledge_and_skills": (
        "Knowledge and Skills",
        "Knowledge",
        "Skills",
        "Skill",
        "Abilities",
        "Knowledge, Skills and Abilities",
        "Competencies",
        "Qualifications",
        "Connaissances et compétences",
        "Connaissances",
        "Compétences",
        "Habiletés",
        "Connaissances, compétences et capacités",
    ),
    "education": ("Education", "Études", "Scolarité", "Formation"),
    "experience": ("Experience", "Education and Experience", "Expérience", "Études et expérience"),
    "personal_suitability": ("Personal Suitability", "Qualités personnelles"),
    "official_languages": (
        "Official Languages",
        "Official Language Proficiency",
        "Official Language Requirements",
        "Language Requirements",
        "Langues officielles",
        "Exigences linguistiques",
        "Compétence dans les langues officielles",
        "Maîtrise des langues officielles",
    ),
    "conditions_of_employment": (
        "Conditions of Employment",
        "Condition of Employment",
        "Conditions d’emploi",
        "Condition d’emploi",
    ),
    "effort": ("Effort", "Efforts", "Effort physique", "Physical Effort"),
    "responsibility": ("Responsibility", "Responsabilité"),
}

MARKED = re.compile(r"(?P<hashes>#{1,6})[ \t]+(?P<title>.*?)[ \t#]*$")
NUMBERED = re.compile(r"^(?:\(?(?:[IVX]+|[A-Z]|\d{1,2})[.)]|\d{1,2}\.\d{1,2}\.?)\s+")
BOLD = re.compile(r"^(?P<mark>\*\*|__)(?P<title>.+?)(?P=mark):?$")
PARTS = re.compile(r"\s+[/|]\s+")
NO_LETTER = re.compile(r"[^a-z]+")
CONTINUED = re.compile(r"\s*\((?:continued|cont(?:inue)?[’']?d|suite)\)\s*$", re.IGNORECASE)
LONGEST_HEADING = 90
MOST_WORDS = 9
NEAR_ENOUGH = 0.9
SHORTEST_MISSPELLED = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text without its line break: `text == whole[start:end]`."""

    text: str
    start: int
    end: int


def read_lines(text: str) -> tuple[Line, ...]:
    """Cut `text` into its lines at every LF, CR LF or CR."""
    cut = [(match.start(), match.end()) for match in re.finditer(r"\r\n|\n|\r", text)]
    starts = [0, *(end for _, end in cut)]
    ends = [*(start for start, _ in cut), len(text)]
    return tuple(Line(text[start:end], start, end) for start, end in zip(starts, ends, strict=True))


def find_sections(text: str) -> tuple[Section, ...]:
    """Cut `text` at its headings. Each section's body reaches to the next heading; together they are the whole text."""
    headings = merge_twins(text, find_headings(read_lines(text)))
    ends = [*(heading.heading[0] for heading in headings[1:]), len(text)]
    # Without a heading there is one end, and nothing that ends.
    found = [replace(heading, body=(heading.heading[1], end)) for heading, end in zip(headings, ends, strict=False)]
    above = headings[0].heading[0] if headings else len(text)
    if text[:above].strip():
        found.insert(0, Section(TOMBSTONE if found else OTHER, "", (0, 0), (0, above)))
    return tuple(found)


def find_headings(lines: tuple[Line, ...]) -> list[Section]:
    """Return the headings, as sections that have no body yet. A single first hash opens the document: its tombstone."""
    found: list[Section] = []
    alone = True
    for line in lines:
        if heading := read_heading(line, alone=alone):
            opens = not found and heading.type == OTHER and heading.level == 1 and line.text.lstrip().startswith("#")
            found.append(replace(heading, type=TOMBSTONE) if opens else heading)
        alone = heading is not None or not line.text.strip()
    return found


def read_heading(line: Line, *, alone: bool) -> Section | None:
    """Read a line as a heading, or None. `alone` tells that no text stands directly above it."""
    stripped = line.text.strip()
    if not stripped or len(stripped) > LONGEST_HEADING:
        return None
    if marked := MARKED.match(stripped):
        title, level = unmarked(marked["title"]), len(marked["hashes"])
        return section_of(line, title, name_section(title, fuzzy=True) or OTHER, level) if title else None
    title = unmarked(stripped)
    if is_capitals(title):
        kind = name_section(title, fuzzy=True) or (OTHER if alone and stands_out(title) else None)
    else:
        kind = name_section(title) if alone and title[:1].isupper() else None
    return section_of(line, title, kind, 1) if kind else None


def section_of(line: Line, title: str, kind: str, level: int) -> Section:
    """Make a heading without a body, at the line's own characters."""
    start = line.start + len(line.text) - len(line.text.lstrip())
    end = start + len(line.text.strip())
    return Section(kind, title, (start, end), (end, end), level)


def unmarked(title: str) -> str:
    """Take the marks of bold type off a title."""
    bold = BOLD.match(title.strip())
    return bold["title"].strip() if bold else title.strip()


def is_capitals(title: str) -> bool:
    """Is every letter a capital, and are there letters?"""
    return title.isupper()


def stands_out(title: str) -> bool:
    """Can these capitals be the heading of a section that we don't know? Codes, labels and cries can't."""
    words = re.findall(r"[^\W\d_]{2,}", title)
    return (
        len(words) <= MOST_WORDS
        and any(len(word) > 3 for word in words)  # noqa: PLR2004 - EX, AS, GC and CWS are codes, not titles
        and not re.search(r"[.!?;,\d|_\[\]<>…]|:.", title)
    )


def name_section(title: str, *, fuzzy: bool = False) -> str | None:
    """Return the type of the section that `title` heads, or None. `fuzzy` forgives misspellings and lost accents."""
    title = CONTINUED.sub("", title)
    parts = [plain_form(part) for part in (title, NUMBERED.sub("", title), *PARTS.split(NUMBERED.sub("", title)))]
    for part in parts:
        if kind := KNOWN.get(part):
            return kind
    return name_misspelled(parts[1]) if fuzzy and len(parts[1]) >= SHORTEST_MISSPELLED else None


@lru_cache(maxsize=512)
def name_misspelled(form: str) -> str | None:
    """Return the type whose heading is nearly `form`, or None."""
    alike = [known for known in KNOWN if abs(len(known) - len(form)) <= len(form) // 5]
    near = difflib.get_close_matches(form, alike, n=1, cutoff=NEAR_ENOUGH)
    return KNOWN[near[0]] if near else None


def plain_form(title: str) -> str:
    """Letters only, small and without accents, so that spelling variants meet: "NATURE & SCOPE" is "natureandscope"."""
    small = unicodedata.normalize("NFKD", title.casefold().replace("œ", "oe"))
    return NO_LETTER.sub("", small.replace("&", " and "))


def merge_twins(text: str, headings: list[Section]) -> list[Section]:
    """Join a heading with its translation on the line below, as bilingual templates have it."""
    merged: list[Section] = []
    for heading in headings:
        above = merged[-1] if merged else None
        if above and are_twins(text, above, heading):
            twin = (above.heading[0], heading.heading[1])
            merged[-1] = replace(above, title=f"{above.title} / {heading.title}", heading=twin, body=twin[1:] * 2)
        else:
            merged.append(heading)
    return merged


def are_twins(text: str, above: Section, below: Section) -> bool:
    """Do two headings name the same section in other words, with nothing between them?"""
    return (
        above.type == below.type != OTHER
        and plain_form(above.title) != plain_form(below.title)
        and not text[above.heading[1] : below.heading[0]].strip()
    )


def _known() -> Iterator[tuple[str, str]]:
    for kind, titles in HEADINGS.items():
        for title in titles:
            form = plain_form(title)
            yield form, kind
            # In French "&" stands for "et".
            yield form.replace("natureet", "natureand"), kind


KNOWN: Mapping[str, str] = dict(_known())
