"""The blocks of a report as slides show them: how high they are, where they can be split, what goes into the notes.

Sizes are in em of a slide that is 80 em wide and 45 high; they are those of templates/slides.css.j2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, cast

from markupsafe import Markup

from engines.text.sentences import split_sentences
from exporters.charts import AnyChart, draw
from exporters.document import (
    Block,
    BulletItem,
    Bullets,
    Callout,
    Insight,
    KeyFigure,
    KeyFigures,
    Language,
    Paragraph,
    Subheading,
    Table,
    Timeline,
)
from exporters.formatting import Formatter
from exporters.labels import label
from exporters.pdf_tables import Cell, Layout, Row, lay_out
from exporters.slides_text import count_lines, shortened, text_width
from exporters.svg import wrapped

WIDTH, HEIGHT = 72.0, 33.5  # of the room below the title
_TEXT_WIDTH = 66.0
_LINE = 1.4
_SIZES = {"body": 1.3, "lead": 1.45, "note": 1.1}
_LONGEST = 600  # characters of what is moved to the next slide as a whole
_CARDS, _FACTS = 4, 2  # side by side
_FIGURE_SIZE = 2.6
_CELL_SIZE, _CELL_LINES, _CELL_PADDING = 1.05, 5, 1.25
_LEAST_TEXT = 15.0  # em that a column of text keeps where others need room
_PILL = 1.1  # the mark before a status, and the space after it
_CHART_UNIT, _TIMELINE_UNIT = 0.072, 0.085  # the least that a unit of a chart may shrink to
_CHART_EDGE = 54.0  # units above and below the rows of a timeline
_NAME_WIDTH = 236.0  # units that a timeline has for the names of milestones
_CARD_WIDTH = 68.0


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a slide and not shown on it."""

    title: str | None
    text: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A block of `units` that can be split between two of them; each part has the `head`.

    `cut` gives what the macro shows of the units from one number to another. What `keeps` stays with the block after
    it; what `stretches` takes the rest of its slide.
    """

    macro: str
    units: tuple[float, ...]
    cut: Callable[[int, int], Any]
    head: float = 0.0
    language: Language | None = None
    keeps: bool = False
    stretches: bool = False
    about: tuple[Note, ...] = ()
    noted: tuple[tuple[Note, ...], ...] = ()

    @property
    def height(self) -> float:
        """How high the whole block is."""
        return self.height_of(0, len(self.units))

    def height_of(self, begin: int, end: int) -> float:
        """How high a part of it is."""
        return self.head + sum(self.units[begin:end])

    def notes(self, begin: int, end: int) -> list[Note]:
        """What a part of it says in the notes."""
        return [*(self.about if begin == 0 else ()), *(note for notes in self.noted[begin:end] for note in notes)]


@dataclass(frozen=True, slots=True)
class TablePart:
    """Rows of a table under its header. `hint` names the columns that are in the notes."""

    title: str
    layout: Layout
    rows: tuple[Row, ...]
    total: Row | None
    hint: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart."""

    title: str
    finding: str
    drawing: Markup


def flow_of(block: Block, formatter: Formatter) -> Flow:
    """Measure a block."""
    maker = cast("Callable[[Block, Formatter], Flow]", _MAKERS[block.type])
    return replace(maker(block, formatter), language=block.language)


def _paragraph(block: Paragraph, formatter: Formatter) -> Flow:
    size = _SIZES[block.style]

    def height(text: str) -> float:
        return count_lines(text, _TEXT_WIDTH / size) * size * _LINE

    if height(block.text) + 0.8 <= HEIGHT:
        return Flow("paragraph", (height(block.text),), lambda _begin, _end: block, 0.8)
    pieces = _pieces(block.text, block.language or formatter.language)
    heights = tuple(height(piece.strip()) for piece in pieces)
    return Flow("paragraph", heights, lambda begin, end: _with_text(block, pieces, begin, end), 0.8)


def _with_text(block: Paragraph, pieces: Sequence[str], begin: int, end: int) -> Paragraph:
    return block.model_copy(update={"text": "".join(pieces[begin:end]).strip()})


def _pieces(text: str, language: Language) -> list[str]:
    """A text cut before its sentences, and where they are very long between words. Together they are the whole."""
    starts = [0, *(sentence.start for sentence in split_sentences(text, language)[1:]), len(text)]
    sentences = (text[begin:end] for begin, end in pairwise(starts))
    return [piece for sentence in sentences for piece in _short_pieces(sentence)] or [text]


def _short_pieces(text: str) -> Iterator[str]:
    while len(text) > _LONGEST:
        cut = text.rfind(" ", 1, _LONGEST) + 1 or _LONGEST
        yield text[:cut]
        text = text[cut:]
    yield text


def _subheading(block: Subheading, _formatter: Formatter) -> Flow:
    height = count_lines(block.text, _TEXT_WIDTH / 1.4, 600) * 1.4 * 1.25 + 1.2
    return Flow("subheading", (height,), lambda _begin, _end: block, keeps=True)


def _bullets(block: Bullets, formatter: Formatter) -> Flow:
    items = [
        item.model_copy(update={"text": piece.strip()})
        for item in block.items
        for piece in (
            _pieces(item.text, block.language or formatter.language) if len(item.text) > _LONGEST else [item.text]
        )
    ]

    def height(item: BulletItem) -> float:
        width = (_TEXT_WIDTH - 2 - 1.8 * min(item.level, 6)) / 1.3
        return count_lines(item.text, width) * 1.3 * _LINE + 0.45

    def cut(begin: int, end: int) -> Any:
        return {"items": items[begin:end], "ordered": block.ordered, "start": begin + 1}

    return Flow("bullets", tuple(map(height, items)), cut, 0.6)


def _key_figures(block: KeyFigures, formatter: Formatter) -> Flow:
    return _strip(block, formatter) if block.style == "strip" else _facts(block, formatter)


def _strip(block: KeyFigures, formatter: Formatter) -> Flow:
    cards = [_card(figure, formatter) for figure in block.figures]
    rows = [cards[start : start + _CARDS] for start in range(0, len(cards), _CARDS)]
    heights = tuple(max(height for _, height, _ in row) for row in rows)

    def cut(begin: int, end: int) -> Any:
        return [card for row in rows[begin:end] for card, _, _ in row]

    noted = tuple(tuple(note for _, _, notes in row for note in notes) for row in rows)
    return Flow("strip", heights, cut, _title_height(block), noted=noted, about=_title_note(block))


def _card(figure: KeyFigure, formatter: Formatter) -> tuple[Mapping[str, str], float, list[Note]]:
    width = (WIDTH - 3 * 1.2) / _CARDS - 2.4
    value = formatter.value(figure.value, figure.kind)
    size = _FIGURE_SIZE if count_lines(value, width / _FIGURE_SIZE, 700) == 1 else 1.4
    shown = {
        "label": shortened(figure.label, width / 1.1, 3),
        "value": shortened(value, width / size, 4, 700),
        "note": shortened(figure.note or "", width, 3),
        "tone": figure.tone,
        "size": "large" if size == _FIGURE_SIZE else "small",
    }
    height = (
        count_lines(shown["label"], width / 1.1) * 1.1 * 1.25
        + count_lines(shown["value"], width / size, 700) * size * 1.2
        + count_lines(shown["note"], width) * 1.25
        + 3.4
    )
    whole = f"{figure.label}{formatter.colon}{value}{'. ' if figure.note else ''}{figure.note or ''}"
    is_cut = (shown["label"], shown["value"], shown["note"]) != (figure.label, value, figure.note or "")
    return shown, height, [Note(None, whole)] if is_cut else []


def _facts(block: KeyFigures, formatter: Formatter) -> Flow:
    facts = [_fact(figure, formatter) for figure in block.figures]
    rows = [facts[start : start + _FACTS] for start in range(0, len(facts), _FACTS)]
    heights = tuple(max(height for _, height, _ in row) for row in rows)

    title = block.title and shortened(block.title, WIDTH / 1.2, 1, 600)

    def cut(begin: int, end: int) -> Any:
        return {"title": title, "facts": [fact for row in rows[begin:end] for fact, _, _ in row]}

    noted = tuple(tuple(note for _, _, notes in row for note in notes) for row in rows)
    about = () if title == block.title else _title_note(block)
    return Flow("facts", heights, cut, _title_height(block) + 0.8, noted=noted, about=about)


def _fact(figure: KeyFigure, formatter: Formatter) -> tuple[tuple[str, str], float, list[Note]]:
    width, value = 16.5 / 1.15, formatter.value(figure.value, figure.kind)
    shown = (shortened(figure.label, width, 4), shortened(value, width, 6, 600))
    lines = max(count_lines(shown[0], width), count_lines(shown[1], width, 600))
    note = [] if shown == (figure.label, value) else [Note(figure.label, value)]
    return shown, lines * 1.15 * 1.3 + 0.9, note


def _title_height(block: KeyFigures) -> float:
    return 2.2 if block.title and block.style == "list" else 0.6


def _title_note(block: KeyFigures) -> tuple[Note, ...]:
    return (Note(None, block.title),) if block.title else ()


def _table(block: Table, formatter: Formatter) -> Flow:
    layout = lay_out(block, formatter)
    layout = replace(layout, widths=_widths(layout))
    widths = [WIDTH * width / 100 / _CELL_SIZE - _CELL_PADDING for width in layout.widths]
    rows = [_row(row, widths, formatter) for row in layout.rows]
    heights = [_row_height(row, widths) for row, _ in rows]
    total = () if layout.total is None else (_row_height(layout.total, widths),)
    hidden = dict.fromkeys(cell.column.title for row in layout.rows for cell in row.details)
    hint = label("in_notes", formatter.language).format(columns=", ".join(hidden)) if hidden else ""
    title = shortened(block.title, WIDTH / 1.2, 2, 600)
    hint = shortened(hint, WIDTH / 0.95, 2)

    def cut(begin: int, end: int) -> TablePart:
        shown = tuple(row for row, _ in rows[begin:end])
        return TablePart(title, layout, shown, layout.total if end > len(rows) else None, hint if begin == 0 else "")

    head = _header_height(layout, widths) + count_lines(title, WIDTH / 1.2, 600) * 1.2 * 1.3 + 1.2
    head += count_lines(hint, WIDTH / 0.95) * 0.95 * 1.3 if hint else 0
    about = (Note(None, block.title),) if title != block.title else ()
    return Flow("table", (*heights, *total), cut, head, about=about, noted=tuple(notes for _, notes in rows))


def _widths(layout: Layout) -> tuple[float, ...]:
    """Percentages: figures, dates and statuses get what they need, text the rest."""
    cells = list(zip(*(row.cells for row in (*layout.rows, *([layout.total] if layout.total else []))), strict=True))
    columns = cells or [()] * len(layout.columns)
    needs = [_need(column.title, of) for column, of in zip(layout.columns, columns, strict=True)]
    over = sum(needs) - WIDTH / _CELL_SIZE
    yielding = [max(need - _LEAST_TEXT, 0.0) if need > _LEAST_TEXT else 0.0 for need in needs]
    if over > 0 and sum(yielding) > 0:
        share = min(over / sum(yielding), 1.0)
        needs = [need - share * more for need, more in zip(needs, yielding, strict=True)]
    return tuple(round(100 * need / sum(needs), 1) for need in needs)


def _need(title: str, cells: Sequence[Cell]) -> float:
    """The width at which a column's cells stand on one line, its title on several."""
    words = max((text_width(word, 600) for word in title.split()), default=0.0)
    texts = (text_width(cell.text[:_LONGEST], _weight(cell)) + _mark(cell) for cell in cells)
    return max(words, *texts, 2.0) + _CELL_PADDING


def _weight(cell: Cell) -> int:
    return 600 if cell.column.kind == "status" else 400


def _mark(cell: Cell) -> float:
    return _PILL if cell.column.kind == "status" else 0.0


def _row(row: Row, widths: Sequence[float], formatter: Formatter) -> tuple[Row, tuple[Note, ...]]:
    """The row as it fits, and what of it goes into the notes."""
    cells = tuple(
        replace(cell, text=shortened(cell.text, width, _CELL_LINES))
        for cell, width in zip(row.cells, widths, strict=True)
    )
    cut = [cell for cell, shown in zip(row.cells, cells, strict=True) if cell.text != shown.text]
    told = [*cut, *row.details]
    if not told:
        return Row(cells, ()), ()
    title = shortened(" \N{EN DASH} ".join(cell.text for cell in row.cells[:2]), 60, 1)
    own = [cell for cell in told if cell.column.language is None]
    notes = [Note(title, "\n".join(_named(cell, formatter) for cell in own))]
    notes += [Note(None, _named(cell, formatter), cell.column.language) for cell in told if cell not in own]
    return Row(cells, ()), tuple(notes)


def _named(cell: Cell, formatter: Formatter) -> str:
    return f"{cell.column.title}{formatter.colon}{cell.text}"


def _row_height(row: Row, widths: Sequence[float]) -> float:
    lines = max(_cell_lines(cell, width) for cell, width in zip(row.cells, widths, strict=True))
    return lines * _CELL_SIZE * 1.3 + 0.75


def _cell_lines(cell: Cell, width: float) -> int:
    if cell.numeric and not cell.long:
        return 1
    return count_lines(cell.text, width - _mark(cell), _weight(cell))


def _header_height(layout: Layout, widths: Sequence[float]) -> float:
    lines = max(count_lines(column.title, width, 600) for column, width in zip(layout.columns, widths, strict=True))
    return (lines + (1.2 if layout.groups else 0)) * _CELL_SIZE * 1.3 + 0.8


def _chart(block: AnyChart, formatter: Formatter) -> Flow:
    head = _caption_height(block)
    about = (Note(label("figure", formatter.language), block.alternative, block.language),)
    if isinstance(block, Timeline):
        names = [wrapped(one.name, _NAME_WIDTH) for one in block.milestones]
        rows = tuple(_TIMELINE_UNIT * (19 if len(lines) == 1 else 28) for lines in names)

        def part(begin: int, end: int) -> Picture:
            return _picture(block.model_copy(update={"milestones": block.milestones[begin:end]}), formatter)

        return Flow("chart", rows, part, head + _TIMELINE_UNIT * _CHART_EDGE, stretches=True, about=about)
    picture = _picture(block, formatter)
    drawn = re.search(r'viewBox="0 0 \S+ (\S+)"', picture.drawing)
    height = min(_CHART_UNIT * float(drawn[1] if drawn else 0), HEIGHT - head)
    return Flow("chart", (height,), lambda _begin, _end: picture, head, stretches=True, about=about)


def _picture(block: AnyChart, formatter: Formatter) -> Picture:
    drawing = Markup(draw(block, formatter))  # noqa: S704 - the writer escapes every text
    return Picture(shortened(block.title, WIDTH / 1.3, 2, 600), shortened(block.finding, WIDTH / 1.1, 3), drawing)


def _caption_height(block: AnyChart) -> float:
    title = min(count_lines(block.title, WIDTH / 1.3, 600), 2)
    return title * 1.3 * 1.3 + min(count_lines(block.finding, WIDTH / 1.1), 3) * 1.1 * 1.3 + 1.0


def _callout(block: Callout, formatter: Formatter) -> Flow:
    pieces = _pieces(block.text, block.language or formatter.language)
    heights = tuple(_card_lines(piece, 1.2) for piece in pieces)
    title = count_lines(block.title, _CARD_WIDTH / 1.3, 600) * 1.3 * 1.3

    def cut(begin: int, end: int) -> Callout:
        return block.model_copy(update={"text": "".join(pieces[begin:end]).strip()})

    return Flow("callout", heights, cut, title + 2.4)


def _insight(block: Insight, formatter: Formatter) -> Flow:
    """An insight can be split between its sentences, the pieces of its impact, and its actions."""
    units = _insight_units(block, block.language or formatter.language)
    title = shortened(block.title, _CARD_WIDTH / 1.35, 3, 600)
    head = count_lines(title, _CARD_WIDTH / 1.35, 600) * 1.35 * 1.25 + 4.0 + (1.8 if block.actions else 0)

    def cut(begin: int, end: int) -> Insight:
        text, impact = (_joined(units[begin:end], kind) for kind in ("text", "impact"))
        actions = tuple(piece for kind, piece, _ in units[begin:end] if kind == "action")
        shown = {"title": title, "text": text, "impact": impact or None, "actions": actions}
        return block.model_copy(update=shown)

    about = () if title == block.title else (Note(None, block.title),)
    return Flow("insight", tuple(height for _, _, height in units), cut, head, about=about)


def _insight_units(block: Insight, language: Language) -> list[tuple[str, str, float]]:
    """What each piece is of, its text and its height. A text that is short is one piece."""
    whole = _card_lines(block.text, 1.15)
    texts = [block.text] if whole < HEIGHT / 2 else _pieces(block.text, language)
    impacts = _pieces(block.impact, language) if block.impact else []
    actions = [piece.strip() for action in block.actions for piece in _pieces(action, language)]
    return [
        *(("text", piece, _card_lines(piece, 1.15)) for piece in texts),
        *(("impact", piece, _card_lines(piece, 1.1) + 0.3) for piece in impacts),
        *(("action", piece, _card_lines(piece, 1.1) + 0.35) for piece in actions),
    ]


def _joined(units: Sequence[tuple[str, str, float]], wanted: str) -> str:
    return "".join(piece for kind, piece, _ in units if kind == wanted).strip()


def _card_lines(text: str, size: float) -> float:
    return count_lines(text.strip(), _CARD_WIDTH / size) * size * 1.38


_MAKERS: Mapping[str, Callable[..., Flow]] = {
    "paragraph": _paragraph,
    "subheading": _subheading,
    "bullets": _bullets,
    "key_figures": _key_figures,
    "table": _table,
    "chart": _chart,
    "callout": _callout,
    "insight": _insight,
}
