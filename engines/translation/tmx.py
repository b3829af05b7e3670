"""Reading TMX, the exchange format of translation memories, piece by piece: a file of any size takes little memory.

Whatever the file holds, only one unit of it is in memory at a time. A unit larger than any real one is passed over,
what is no unit is forgotten at once, and attributes and properties are cut.

The parser is closed to the outside: no DTD is loaded, no entity of the file's own is put in, nothing is fetched. What
one unit lacks costs that unit alone; a file that is no XML, or no TMX, is refused with the line where it went wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import product

from contracts.errors import Permanent
from lxml import etree

from engines.translation.segments import LONGEST_SEGMENT, is_legible, normalize_segment

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Native codes: what is in them is mark-up of another format and no text.
CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
# A code of one of these types separates words.
BREAKS = frozenset({"lb", "br", "x-br", "x-lb", "tab", "x-tab"})
MOST_VARIANTS = 20
# The pairs that one unit may give: each language's variants are combined with all of the other's.
MOST_PAIRS = 20
MOST_PROPERTIES = 20
# Of a property and of a unit's own attribute, in characters: the rest is cut off.
LONGEST_PROPERTY = 500
# Elements within a unit, and bytes of the file that it may stretch over.
MOST_ELEMENTS = 10_000
LARGEST_UNIT = 4_000_000
TOO_LARGE = f"more than {MOST_ELEMENTS:,} elements or {LARGEST_UNIT:,} bytes"
# Before the root, where a document type may declare what it likes.
LONGEST_PROLOG = 1_000_000
FED_AT_ONCE = 1 << 14
EXPECTED = "Expected was a TMX file: XML whose root is <tmx>, with <tu> units of <tuv xml:lang=…><seg> each."
# The parser's messages end with the place, which ours begin with.
PLACE = re.compile(r", line \d+, column \d+$")
OWN = ("tuid", "creationid", "creationdate", "changeid", "changedate", "usagecount", "lastusagedate")


class NotTmx(Permanent):
    """The file is no TMX."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A segment and its translation. What the file does not say is None."""

    source: str
    target: str
    domain: str | None = None
    subdomain: str | None = None
    context_hash: str | None = None
    quality: Decimal | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


class TmxReader:
    """Reads the units of one language pair. `read` and `skipped` count as the reading goes on."""

    def __init__(self, source_language: str, target_language: str) -> None:
        self.source_language = source_language
        self.target_language = target_language
        self.read = 0
        self.skipped: Counter[str] = Counter()

    def units(self, pieces: Iterable[bytes]) -> Iterator[Unit]:
        """Yield the units of a file that comes in `pieces`, in its order.

        Raises:
            NotTmx: it is broken, or something else; the message names the line and what was expected.
        """
        for unit in read_elements(pieces):
            self.read += 1
            if unit is None:
                self.skipped[TOO_LARGE] += 1
            else:
                yield from self._pairs(unit)

    def _pairs(self, unit: etree._Element) -> Iterator[Unit]:
        texts: dict[str, list[str]] = {self.source_language: [], self.target_language: []}
        faults: dict[str, str] = {}
        variants = [child for child in unit if local_name(child) == "tuv"]
        for variant in variants[: MOST_VARIANTS + 1]:
            language = language_of(variant)
            if language in texts:
                text, fault = text_of(variant)
                if fault:
                    faults.setdefault(language, fault)
                elif text not in texts[language]:
                    texts[language].append(text)
        if reason := self._why_not(texts, faults, variants):
            self.skipped[reason] += 1
            return
        told = describe(unit)
        for source, target in product(texts[self.source_language], texts[self.target_language]):
            yield replace(told, source=source, target=target)

    def _why_not(
        self, texts: Mapping[str, list[str]], faults: Mapping[str, str], variants: list[etree._Element]
    ) -> str | None:
        """Say why a unit gives no pair; None when it gives one."""
        if len(variants) > MOST_VARIANTS:
            return f"more than {MOST_VARIANTS} variants"
        for language in (self.source_language, self.target_language):
            if not texts[language]:
                return faults.get(language, f"no {language}")
        if len(texts[self.source_language]) * len(texts[self.target_language]) > MOST_PAIRS:
            return f"more than {MOST_PAIRS} pairs"
        return None


def read_elements(pieces: Iterable[bytes]) -> Iterator[etree._Element | None]:
    """Yield each `<tu>` when it is complete, and forget it afterwards; None for one that is too large."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    tree = Tree()
    try:
        for piece in cut_pieces(pieces):
            parser.feed(piece)
            tree.fed += len(piece)
            for event, element in parser.read_events():
                if not isinstance(element, etree._Element):  # noqa: SLF001 - for mypy, which knows of other events
                    continue
                if event == "start":
                    tree.start(element)
                else:
                    yield from tree.end(element)
            tree.check_prolog()
        parser.close()
    except etree.XMLSyntaxError as error:
        fault = PLACE.sub("", error.msg or "it ends before it begins")
        raise NotTmx(f"The file is not whole XML: line {error.lineno or 1}: {fault}. {EXPECTED}") from error


def cut_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut the pieces small: the parser makes all elements of what it is fed before any can be forgotten."""
    for piece in pieces:
        for start in range(0, len(piece), FED_AT_ONCE):
            yield piece[start : start + FED_AT_ONCE]


@dataclass(slots=True)
class Tree:
    """How much of the file is in memory: what lies outside of units is not."""

    fed: int = 0
    begun: bool = False
    # The units that are open, one within the other: only a file that breaks the rules has more than one.
    open_units: int = 0
    # Of the outermost open unit: its elements, and how much had been fed when it began.
    elements: int = 0
    fed_before: int = 0

    def start(self, element: etree._Element) -> None:
        """Take note of an element that begins."""
        if not self.begun:
            require_tmx(element)
            self.begun = True
        if local_name(element) == "tu":
            if not self.open_units:
                self.elements, self.fed_before = 0, self.fed
            self.open_units += 1
        self.elements += 1

    def end(self, element: etree._Element) -> Iterator[etree._Element | None]:
        """Give a unit that is complete, and forget what ends outside of units or within one that is too large."""
        large = self.elements > MOST_ELEMENTS or self.fed - self.fed_before > LARGEST_UNIT
        unit = local_name(element) == "tu"
        if unit:
            self.open_units -= 1
            yield None if large else element
        if unit or large or not self.open_units:
            forget(element)

    def check_prolog(self) -> None:
        """Refuse a file that goes on and on before it begins.

        Raises:
            NotTmx: no root came.
        """
        if not self.begun and self.fed > LONGEST_PROLOG:
            raise NotTmx(f"The first {LONGEST_PROLOG:,} bytes of the file hold no element. {EXPECTED}")


def require_tmx(root: etree._Element) -> None:
    """Look at the root.

    Raises:
        NotTmx: it is that of another format.
    """
    if local_name(root) != "tmx":
        raise NotTmx(f"The file is XML but no TMX: line {root.sourceline}: its root is <{root.tag}>. {EXPECTED}")


def forget(element: etree._Element) -> None:
    """Free an element and those before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while (before := element.getprevious()) is not None:
            parent.remove(before)


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; nothing for an entity."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def language_of(variant: etree._Element) -> str:
    """Return the language without its region, in small letters: `EN-US`, `en_CA` and `en` are one."""
    tag = variant.get(XML_LANG) or variant.get("lang") or ""
    return tag.strip().replace("_", "-").partition("-")[0].lower()


def text_of(variant: etree._Element) -> tuple[str, str | None]:
    """Return the text of a variant's segment, or why there is none."""
    segments = [child for child in variant if local_name(child) == "seg"]
    if len(segments) != 1:
        return "", "not one segment in a variant"
    pieces: list[str] = []
    if not flatten(segments[0], pieces):
        return "", "an entity of the file's own"
    text = normalize_segment("".join(pieces))
    if not text:
        return "", "empty segment"
    if not is_legible(text):
        return "", "illegible characters"
    if len(text) > LONGEST_SEGMENT:
        return "", f"longer than {LONGEST_SEGMENT:,} characters"
    return text, None


def flatten(element: etree._Element, pieces: list[str]) -> bool:
    """Gather the text without its mark-up; False when an entity hides some of it.

    Highlighted text (`hi`) stays. Codes go, and with them their sub-flows (`sub`): the text of a footnote or of a
    picture's label is no part of the sentence that it hangs on.
    """
    pieces.append(element.text or "")
    for child in element:
        if child.tag is etree.Entity:
            return False
        name = local_name(child)
        if name in CODES:
            pieces.append(" " if is_break(child) else "")
        elif not flatten(child, pieces):
            return False
        pieces.append(child.tail or "")
    return True


def is_break(code: etree._Element) -> bool:
    """Does this code separate words, as a line break does?"""
    return (code.get("type") or "").lower() in BREAKS or (code.text or "").lower().startswith("<br")


def describe(unit: etree._Element) -> Unit:
    """Return what the unit says about itself, for its texts to be put in. All of its pairs share the metadata."""
    properties = properties_of(unit)
    metadata: dict[str, object] = {name: value[:LONGEST_PROPERTY] for name in OWN if (value := unit.get(name))}
    told = {name: properties.pop(name, None) for name in ("domain", "subdomain", "context_hash", "quality_score")}
    if properties:
        metadata["properties"] = properties
    return Unit(
        source="",
        target="",
        domain=fitting(told["domain"], 50),
        subdomain=fitting(told["subdomain"], 50),
        context_hash=fitting(told["context_hash"], 64),
        quality=read_quality(told["quality_score"]),
        metadata=metadata,
    )


def properties_of(unit: etree._Element) -> dict[str, str]:
    """Return the properties by their type, the `x-` of private ones left out."""
    found: dict[str, str] = {}
    for child in unit:
        if local_name(child) == "prop" and len(found) < MOST_PROPERTIES:
            name = (child.get("type") or "").lower().removeprefix("x-").replace("-", "_")
            value = normalize_segment("".join(map(str, child.itertext(with_tail=False))))[:LONGEST_PROPERTY]
            if name and value and is_legible(name + value):
                found.setdefault(name[:100], value)
    return found


def fitting(value: str | None, length: int) -> str | None:
    """Return a value that the column can hold, or None: half a name would be another name."""
    return value if value and len(value) <= length else None


def read_quality(value: str | None) -> Decimal | None:
    """Return a score between 0 and 1; None where the file states none."""
    try:
        score = Decimal(value or "")
    except InvalidOperation:
        return None
    return score if score.is_finite() and 0 <= score <= 1 else None
