"""A description as the rules see it: its text, its sections, and the parts of them that are prose, items or labels."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engines.compliance.findings import Section
from engines.compliance.sections import TOMBSTONE, Line, find_sections, plain_form, read_lines
from engines.text.sentences import Sentence, split_sentences

# The labels of the tombstone, as `plain_form` writes them.
LABELS: Mapping[str, tuple[str, ...]] = {
    "title": ("Position Title", "Job Title", "Title", "Titre du poste", "Titre de l’emploi", "Titre"),
    "number": ("Position Number", "Job Number", "Numéro du poste", "Numéro de poste"),
    "classification": (
        *("Position Classification", "Classification", "Group/Level", "Group and Level", "Groupe et niveau"),
        *("Niveau du poste", "Groupe/niveau", "Classification du poste"),
    ),
    "supervisor": (
        *("Supervisor Position Title", "Supervisor", "Supervisor Title", "Reports to", "Superviseur"),
        *("Titre du poste du superviseur", "Superviseur ou superviseure", "Relève de", "Supérieur hiérarchique"),
        "Titre du poste du superviseur ou de la superviseure",
    ),
    "language_requirements": (
        *("Language Requirements", "Language Requirement", "Linguistic Profile", "Language Profile"),
        *("Official Language Requirements", "Exigences linguistiques", "Profil linguistique", "Exigence linguistique"),
    ),
    "effective_date": ("Effective Date", "Date d’entrée en vigueur", "Date effective"),
    "security": (
        *("Security", "Security Requirements", "Security Requirement", "Security Clearance", "Security Level"),
        *("Security Screening", "Sécurité", "Exigences de sécurité", "Cote de sécurité", "Niveau de sécurité"),
    ),
}
FIELDS = {plain_form(label): field for field, labels in LABELS.items() for label in labels}

LABEL = re.compile(
    r"^\s*(?:[-*•]\s+)?(?:\*\*)?(?P<label>[^\W\d_][^:\n]{1,58}?)[ \u00a0\u202f]*(?:\*\*)?:(?:\*\*)?"
    r"[ \u00a0\u202f\t]*(?P<value>.*?)\s*$"
)
ITEM = re.compile(r"^[ \t]*(?:[-*•·–—]|\(?(?:\d{1,3}|[a-z])[.)])[ \t\u00a0]+")
# What no rule of wording looks into: addresses, and code.
# Bounded and anchored, so that no text makes the search slow.
OPAQUE = re.compile(
    r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|`[^`\n]{1,200}`"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}(?:ca|com|org)\b(?:/\S*)?"
)
LONGEST_LABEL = 8
HIDDEN = "\ue000"


@dataclass(frozen=True, slots=True)
class Label:
    """A line "Label: value" of the tombstone, with the place of its value."""

    field: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or an item of a list: `text == masked[start:end]`."""

    text: str
    start: int
    end: int
    section: Section
    is_item: bool


@dataclass(frozen=True)
class Document:
    """A text with its language, understood once for all rules."""

    text: str
    language: str

    @cached_property
    def masked(self) -> str:
        """The text, as long as ever, with addresses and code made unreadable."""
        return OPAQUE.sub(lambda match: HIDDEN * len(match.group()), self.text)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the masked text."""
        return read_lines(self.masked)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections, in the order of the text."""
        return find_sections(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [section.heading[0] for section in self.sections]

    def section_at(self, place: int) -> Section | None:
        """Return the section that holds a place."""
        index = bisect.bisect_right(self._starts, place) - 1
        return self.sections[index] if index >= 0 else None

    def in_heading(self, place: int) -> bool:
        """Is a place in a heading?"""
        section = self.section_at(place)
        return section is not None and place < section.heading[1]

    @cached_property
    def labels(self) -> Mapping[str, Label]:
        """The labelled values of the tombstone; of several with one label the first."""
        found: dict[str, Label] = {}
        for line in self.lines:
            section = self.section_at(line.start)
            if section and section.type == TOMBSTONE and (label := read_label(self.text, line)):
                found.setdefault(label.field, label)
        return found

    @cached_property
    def classification(self) -> str | None:
        """The group of the position as its tombstone states it, such as AS or EX."""
        label = self.labels.get("classification")
        match = re.search(r"\b([A-Z]{2,3})(?:-[A-Z]{2,3})?[ -]?[\dOI]{1,2}\b", label.value) if label else None
        return match[1] if match else None

    @cached_property
    def is_executive(self) -> bool:
        """Is the position classified in the Executive group?"""
        return self.classification == "EX"

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The paragraphs and items of all sections, without headings and without the labels of the tombstone."""
        return tuple(self._blocks())

    def _blocks(self) -> Iterator[Block]:
        for section in self.sections:
            begin = end = None
            for line in self.lines_of(section):
                blank, item = not line.text.strip() or is_label(line, section), bool(ITEM.match(line.text))
                if (blank or item) and begin is not None and end is not None:
                    yield self._block(begin, end, section)
                    begin = None
                if not blank:
                    begin, end = line.start if begin is None else begin, line.end
            if begin is not None and end is not None:
                yield self._block(begin, end, section)

    def lines_of(self, section: Section) -> Iterator[Line]:
        """The lines of a section's body."""
        begin = bisect.bisect_left(self.lines, section.body[0], key=lambda line: line.start)
        end = bisect.bisect_left(self.lines, section.body[1], key=lambda line: line.start)
        yield from self.lines[begin:end]

    def _block(self, start: int, end: int, section: Section) -> Block:
        text = self.masked[start:end]
        item = ITEM.match(text)
        start += item.end() if item else len(text) - len(text.lstrip())
        return Block(
            self.masked[start:end].rstrip(), start, start + len(self.masked[start:end].rstrip()), section, bool(item)
        )

    @cached_property
    def sentences(self) -> tuple[tuple[Sentence, Block], ...]:
        """The sentences of the blocks, at their places in the whole text."""
        return tuple(
            (Sentence(sentence.text, block.start + sentence.start, block.start + sentence.end), block)
            for block in self.blocks
            for sentence in split_sentences(block.text, self.language)
        )

    def sentence_at(self, place: int) -> str:
        """Return the sentence, or the line, that holds a place."""
        index = bisect.bisect_right(self._sentence_starts, place) - 1
        if index >= 0 and place < self.sentences[index][0].end:
            return self.sentences[index][0].text
        return self.line_at(place).text

    def line_at(self, place: int) -> Line:
        """Return the line that holds a place."""
        return self.lines[bisect.bisect_right(self.lines, place, key=lambda line: line.start) - 1]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence, _ in self.sentences]


def is_label(line: Line, section: Section) -> bool:
    """Is this a labelled value, with a label that we know or not, and no prose?"""
    match = LABEL.match(line.text) if section.type == TOMBSTONE else None
    if match is None:
        return False
    short = len(match["label"].split()) <= LONGEST_LABEL and not line.text.rstrip().endswith((".", "!", "?"))
    return short or plain_form(match["label"]) in FIELDS


def read_label(text: str, line: Line) -> Label | None:
    """Read a line of the tombstone, or None where its label is none that we know."""
    match = LABEL.match(line.text)
    field = FIELDS.get(plain_form(match["label"])) if match else None
    if match is None or field is None:
        return None
    start, end = line.start + match.start("value"), line.start + match.end("value")
    return Label(field, text[start:end], start, end)
