"""What goes on which slide: where a slide is full, its blocks go on in the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from exporters.document import Language, Section
from exporters.formatting import Formatter
from exporters.slides_blocks import HEIGHT, Flow, Note, flow_of
from exporters.slides_text import count_lines, shortened

_HALF = 0.45 * HEIGHT  # a block is begun on a slide that has this much room, and split
_BESIDE_CHART = 9.0  # what is no higher may stand below a chart
_SHARES = (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
_TITLE_WIDTH = 66 / 2.0  # em of its own size, beside the number of the part
_TITLE_LINES = 2
_ENTRY = 2.1
_ENTRY_WIDTH = 33 / 1.25


@dataclass(frozen=True, slots=True)
class Part:
    """A block, or what of it stands on this slide, and the macro that shows it."""

    macro: str
    content: Any
    language: Language | None


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide of a section: `number` counts all slides, `part` those of the section."""

    number: int
    title: str
    language: Language | None
    part: int
    parts: int
    content: tuple[Part, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents, and the slide that it leads to."""

    title: str
    language: Language | None
    slide: int


@dataclass(frozen=True, slots=True)
class Deck:
    """The slides after the cover: first those with the contents, then the sections."""

    contents: tuple[tuple[Entry, ...], ...]
    slides: tuple[Slide, ...]


def plan(sections: Sequence[Section], formatter: Formatter) -> Deck:
    """Lay the sections out on slides. The cover is slide 1, the contents follow."""
    packed = [_pack([flow_of(block, formatter) for block in section.blocks]) for section in sections]
    rows = _contents_rows([section.title for section in sections])
    first = 2 + len(rows)
    starts = list(accumulate((len(slides) for slides in packed), initial=first))
    entries = [Entry(section.title, section.language, start) for section, start in zip(sections, starts, strict=False)]
    slides = [
        slide
        for section, parts, start in zip(sections, packed, starts, strict=False)
        for slide in _section_slides(section, parts, start)
    ]
    return Deck(tuple(tuple(entries[start:end]) for start, end in rows), tuple(slides))


def _contents_rows(titles: Sequence[str]) -> list[tuple[int, int]]:
    """Which entries stand on which slide of contents, in two columns."""
    if not titles:
        return []
    heights = [_ENTRY * count_lines(title, _ENTRY_WIDTH) for title in titles]
    flow = Flow("contents", tuple(heights), lambda start, end: (start, end))
    return _balanced(flow, 2 * HEIGHT - 4, 2 * HEIGHT - 4)


def _section_slides(section: Section, parts: Sequence[Sequence[tuple[Flow, int, int]]], start: int) -> Iterator[Slide]:
    title = shortened(section.title, _TITLE_WIDTH, _TITLE_LINES, 700)
    whole = () if title == section.title else (Note(None, section.title, section.language),)
    for offset, placed in enumerate(parts):
        content = tuple(Part(flow.macro, flow.cut(begin, end), flow.language) for flow, begin, end in placed)
        notes = [note for flow, begin, end in placed for note in flow.notes(begin, end)]
        shown = tuple(_in_level(content))
        yield Slide(start + offset, title, section.language, offset + 1, len(parts), shown, (*whole, *notes))


def _in_level(content: Sequence[Part]) -> Iterator[Part]:
    """The parts of a slide with subheadings none of which skips a level."""
    last = 0
    for part in content:
        if part.macro == "subheading":
            last = min(part.content.level, last + 1)
            yield replace(part, content=part.content.model_copy(update={"level": last}))
        else:
            yield part


def _pack(flows: Sequence[Flow]) -> list[list[tuple[Flow, int, int]]]:
    """The blocks of a section on slides; a section without any has one empty slide."""
    slides: list[list[tuple[Flow, int, int]]] = [[]]
    room = HEIGHT
    for position, flow in enumerate(flows):
        fits = _needed(flows, position) <= room or all(placed.keeps for placed, _, _ in slides[-1])
        if not fits and (flow.height <= HEIGHT or room < _HALF):
            slides.append([])
            room = HEIGHT
        for begin, end in _split(flow, room):
            if begin:
                slides.append([])
                room = HEIGHT
            slides[-1].append((flow, begin, end))
            room -= flow.height_of(begin, end)
            room = min(room, _BESIDE_CHART) if flow.stretches else room
    return slides


def _needed(flows: Sequence[Flow], position: int) -> float:
    """The room that a block needs on its slide: headings with the beginning of what they stand over."""
    height = 0.0
    for flow in flows[position:]:
        if not flow.keeps:
            return height + (flow.height if flow.height <= HEIGHT - height else _HALF)
        height += flow.height
    return height


def _split(flow: Flow, room: float) -> list[tuple[int, int]]:
    return [(0, len(flow.units))] if flow.height <= room else _balanced(flow, room, HEIGHT)


def _balanced(flow: Flow, first: float, others: float) -> list[tuple[int, int]]:
    """Parts of about the same height, and no more of them than necessary."""
    fewest = len(_cuts(flow, first, others))
    tried = (_cuts(flow, min(first, share * others), share * others) for share in _SHARES)
    return next((cuts for cuts in tried if len(cuts) <= fewest), _cuts(flow, first, others))


def _cuts(flow: Flow, first: float, others: float) -> list[tuple[int, int]]:
    cuts: list[tuple[int, int]] = []
    begin, room = 0, first - flow.head
    for position, height in enumerate(flow.units):
        if height > room and position > begin:
            cuts.append((begin, position))
            begin, room = position, others - flow.head
        room -= height
    return [*cuts, (begin, len(flow.units))]
