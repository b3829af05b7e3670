"""The finders of structure: sections, headings, lists, and the labels of the tombstone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from engines.compliance.document import ITEM, Document, Label
from engines.compliance.findings import Section
from engines.compliance.rule import Finder, Match
from engines.compliance.sections import OTHER, TOMBSTONE, Line

Applies = Callable[[Document], bool]
EXECUTIVE_ORDER = (
    *("general_accountability", "organization_structure", "nature_and_scope", "dimensions"),
    "specific_accountabilities",
)
# Below the title and the sections themselves, Markdown has subsections.
DEEPEST_SECTION = 2
DUTIES = frozenset({"specific_accountabilities", "key_activities"})


def executive(document: Document) -> bool:
    """Is the position in the Executive group?"""
    return document.is_executive


def not_executive(document: Document) -> bool:
    """Is the position in another group, or in none that the text states?"""
    return not document.is_executive


def missing_sections(applies: Applies, *wanted: tuple[str, Collection[str], str]) -> Finder:
    """Ask for sections: for each the type to name, the types that serve, and what to write there."""

    def find(document: Document) -> Iterator[Match] | None:
        if not applies(document):
            return None
        there = {section.type for section in document.sections}
        return (Match(section=name, advice=advice) for name, serving, advice in wanted if there.isdisjoint(serving))

    return find


def missing_label(field: str, *, elsewhere: str | None = None) -> Finder:
    """Ask for a value in the tombstone. A section of the type `elsewhere` says it as well."""

    def find(document: Document) -> Iterator[Match]:
        label = document.labels.get(field)
        said_elsewhere = any(section.type == elsewhere for section in document.sections)
        if not (label and label.value) and not said_elsewhere:
            yield Match(section=TOMBSTONE)

    return find


def label_value(field: str, judge: Callable[[Label, Document], Match | None]) -> Finder:
    """Judge a value of the tombstone; where there is none, the rule has nothing to say."""

    def find(document: Document) -> list[Match] | None:
        label = document.labels.get(field)
        if label is None or not label.value:
            return None
        match = judge(label, document)
        return [match] if match else []

    return find


def section_order(order: tuple[str, ...]) -> Finder:
    """Find the headings that come before one which they should follow. Only for executives' descriptions."""

    def find(document: Document) -> Iterator[Match] | None:
        return _misplaced(document.sections, order) if document.is_executive else None

    return find


def _misplaced(sections: tuple[Section, ...], order: tuple[str, ...]) -> Iterator[Match]:
    highest = -1
    for section in sections:
        if section.type not in order:
            continue
        rank = order.index(section.type)
        if rank < highest:
            advice = f"Move this section in front of the one on {spoken(order[highest])}."
            yield Match(*section.heading, advice=advice)
        highest = max(highest, rank)


def spoken(kind: str) -> str:
    """Name a section's type as people do."""
    return kind.replace("_", " ")


def duplicate_sections(document: Document) -> Iterator[Match]:
    """Find the second heading of one section. Subsections may repeat: each of three roles may have its own duties."""
    seen: set[str] = set()
    for section in document.sections:
        if section.type not in {OTHER, TOMBSTONE} and section.heading != (0, 0):
            if section.type in seen and section.level <= DEEPEST_SECTION:
                yield Match(*section.heading)
            seen.add(section.type)


def empty_sections(document: Document) -> Iterator[Match]:
    """Find the headings with nothing below them, neither text nor a subsection."""
    following = [*document.sections[1:], None]
    for section, after in zip(document.sections, following, strict=False):
        parent = after is not None and (after.level > section.level or section.type == TOMBSTONE)
        if section.title and not parent and not document.text[slice(*section.body)].strip():
            yield Match(*section.heading)


def skipped_levels(document: Document) -> Iterator[Match]:
    """Find the headings more than one level below the one before. Text without Markdown has no levels."""
    level = None
    for section in document.sections:
        if document.text[slice(*section.heading)].startswith("#"):
            if level is not None and section.level > level + 1:
                yield Match(*section.heading, advice=f"Give this heading level {level + 1}: it follows level {level}.")
            level = section.level


def punctuated_headings(document: Document) -> Iterator[Match]:
    """Find the stops, colons, semicolons and commas at the end of headings."""
    for section in document.sections:
        heading = document.text[slice(*section.heading)]
        if found := re.search(r"(?<=[^\W_][^\W_])[ \u00a0\u202f]*[.:;,]+(?=\W*$)", heading):
            yield Match(section.heading[0] + found.start(), section.heading[0] + found.end(), replacement="")


NUMBER = re.compile(r"^[ \t]*(?P<number>\d{1,3})[.)][ \t\u00a0]+\S")


def numbering_gaps(document: Document) -> Iterator[Match]:
    """Find the numbers in numbered lists that do not follow the one before."""
    for section in document.sections:
        last: int | None = None
        for line in document.lines_of(section):
            match = NUMBER.match(line.text)
            if match is None:
                last = None if interrupts(line) else last
                continue
            number = int(match["number"])
            # "1." on every line is how Markdown lets a list number itself.
            if last is not None and number not in {1, last + 1}:
                start, end = (line.start + place for place in match.span("number"))
                yield Match(
                    start,
                    end,
                    advice=f"{last + 1} should follow {last} here: renumber the list, or put back what is missing.",
                )
            last = number


def interrupts(line: Line) -> bool:
    """Does this line end a list? Blank lines, sub-items and continued items don't."""
    return bool(line.text.strip()) and not line.text[0].isspace() and not ITEM.match(line.text)
