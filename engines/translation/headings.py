"""What a sentence is on the page: a heading (which one, where the name is known), a list item, a line of a form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

# The sections of job descriptions, as English and as French headings name them, without accents or case.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "title": (
        *("work description", "job description", "position description"),
        *("description de travail", "description de poste", "description du poste", "description d emploi"),
    ),
    "identification": ("position identification", "identification du poste", "identification"),
    "general accountability": (
        *("general accountability", "general accountabilities"),
        *("responsabilite generale", "responsabilites generales"),
    ),
    "organization structure": (
        *("organization structure", "organizational structure", "organisation structure"),
        *("structure organisationnelle", "structure de l organisation", "structure de l organisme"),
    ),
    "nature and scope": (
        "nature and scope",
        *("nature et portee", "nature et portee des fonctions", "nature et etendue", "nature et etendue des fonctions"),
    ),
    "dimensions": ("dimensions", "etendue des responsabilites"),
    "specific accountabilities": (
        *("specific accountabilities", "specific accountability"),
        *("responsabilites particulieres", "responsabilites specifiques", "responsabilite particuliere"),
    ),
    "key activities": ("key activities", "activites principales", "activites cles"),
    "client service results": (
        *("client service results", "resultats axes sur le service a la clientele"),
        "resultats du service a la clientele",
    ),
    "skills": ("skill", "skills", "habiletes", "competences"),
    "knowledge": ("knowledge", "connaissances"),
    "effort": ("effort", "efforts"),
    "responsibility": ("responsibility", "responsibilities", "responsabilite", "responsabilites"),
    "working conditions": ("working conditions", "conditions de travail"),
    "education": ("education", "etudes", "scolarite"),
    "experience": ("experience",),
    "certification": ("certification", "attestation"),
}
CONCEPTS: Mapping[str, str] = {name: concept for concept, names in SECTIONS.items() for name in names}

HEADING = re.compile(r"(#{1,6})\s+(.*?)[\s#]*$", re.DOTALL)
ORDINAL = re.compile(r"\(?(\d{1,3})[.)]\s+")
BULLET = re.compile(r"(?:[-*+•▪◦‣·–—]|\(?[a-zA-Z]\)|\((?:[ivxlc]+)\))\s+")  # noqa: RUF001 - the dashes of lists
FIELD = re.compile(r"\**[^\W\d_a-zß-öø-ÿ][^:.!?\n]{0,79}?\s?:\**\s+\S[^\n]*$")
LONGEST_HEADING = 80


@dataclass(frozen=True, slots=True)
class Role:
    """What a sentence is on the page. `label` compares across languages; `body` is its text without the mark."""

    label: str
    body: str
    ordinal: str = ""
    concept: str = ""

    @property
    def is_heading(self) -> bool:
        """Does the sentence stand over a section?"""
        return self.label.startswith("heading")


def role_of(sentence: str) -> Role:
    """Tell what a sentence is by its own marks: `## DIMENSIONS`, `3. Directs …`, `- Sites: 23`."""
    if match := HEADING.match(sentence):
        return Role(f"heading {len(match[1])}", match[2], concept=CONCEPTS.get(plain(match[2]), ""))
    if match := ORDINAL.match(sentence):
        return Role("ordinal", sentence[match.end() :], ordinal=match[1])
    if match := BULLET.match(sentence):
        return Role("bullet", sentence[match.end() :])
    if sentence.isupper() and len(sentence) <= LONGEST_HEADING and plain(sentence) in CONCEPTS:
        return Role("heading", sentence, concept=CONCEPTS[plain(sentence)])
    return Role("field" if FIELD.match(sentence) else "text", sentence)


def plain(text: str) -> str:
    """Letters and digits in small letters without accents, one space between words."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(each for each in decomposed if not unicodedata.combining(each)).lower()
    return " ".join(re.findall(r"[^\W_]+", letters))
