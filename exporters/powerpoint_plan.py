"""What stands on which slide: text and tables cut to what surely fits, the rest on further slides or in the notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from exporters.document import BarChart, KeyFigure, Language, LineChart
from exporters.labels import label
from exporters.office_text import one_line, shortened, wrap

WIDTH, HEIGHT = 880.0, 404.0  # points of a slide's body
TITLE_SIZE = 26.0
LEADING = 1.22
TABLE_SIZE = 11.0
CELL_MARGIN = 5.0
_TITLE_LINES = 2
_LONGEST_CELL = 180  # characters; what is longer, or taller, stands whole in the notes
_TALLEST_CELL, _TALLEST_HEADER = 10, 4  # lines
_ABOVE, _MOST_ABOVE = 110.0, 200.0  # points of text that may stand above a chart or table
_LINES, _BARS, _BAR = 240.0, 90.0, 26.0  # points that charts need
_GAP = 10.0
_FEWEST = 2  # lines of a paragraph that are worth beginning at the foot of a slide
_INDENT = 18.0


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a slide. `lead` stands in bold before the text; `number` counts a point of a list."""

    text: str
    size: float = 16.0
    bold: bool = False
    colour: str | None = None
    lead: str = ""
    bullet: bool = False
    number: int | None = None
    level: int = 0
    before: float = 6.0
    language: Language | None = None

    @property
    def indent(self) -> float:
        """Points from the left edge to the text."""
        listed = self.bullet or self.number is not None
        return _INDENT * (min(self.level, 8) + 1) if listed else 0.0

    def lines(self) -> list[str]:
        """The text as it is broken into lines."""
        return wrap(self.lead + self.text, WIDTH - self.indent, self.size)

    def height(self) -> float:
        """The points it takes."""
        return self.before + len(self.lines()) * self.size * LEADING


@dataclass(frozen=True, slots=True)
class SlideCell:
    """One cell of a table on a slide. `span` 0 is covered by the cell before it."""

    text: str
    numeric: bool = False
    bold: bool = False
    colour: str | None = None
    fill: str | None = None
    centred: bool = False
    span: int = 1
    language: Language | None = None

    def height(self, width: float) -> float:
        """The points it takes at a width."""
        return len(self.lines(width)) * TABLE_SIZE * LEADING + CELL_MARGIN

    def lines(self, width: float) -> list[str]:
        """The text as it is broken into lines at a width."""
        return wrap(self.text, max(width - 2 * CELL_MARGIN, TABLE_SIZE), TABLE_SIZE)


SlideRow = tuple[SlideCell, ...]


@dataclass(frozen=True, slots=True)
class SlideTable:
    """A table, or the part of one that stands on a slide. Widths are in points."""

    widths: tuple[float, ...]
    headers: tuple[SlideRow, ...]
    rows: tuple[SlideRow, ...]
    about: str = ""
    least: float = 0.0

    def height(self) -> float:
        """The points the whole takes."""
        return sum(map(self.row_height, (*self.headers, *self.rows)))

    def row_height(self, row: SlideRow) -> float:
        """The points a row takes."""
        return max([self.least, *(cell.height(width) for cell, width in self.placed(row))])

    def placed(self, row: SlideRow) -> Iterator[tuple[SlideCell, float]]:
        """The cells of a row with the widths they have."""
        for number, cell in enumerate(row):
            yield cell, sum(self.widths[number : number + max(cell.span, 1)])


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures side by side."""

    figures: tuple[KeyFigure, ...]


Content = SlideTable | Figures | LineChart | BarChart


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: a title, text, perhaps something below the text, and what its speaker reads."""

    title: str
    lines: tuple[Line, ...] = ()
    content: Content | None = None
    notes: tuple[str, ...] = ()
    language: Language | None = None


@dataclass
class SectionPlan:
    """Collects the slides of one section."""

    title: str
    language: Language | None
    words: Language
    slides: list[Slide] = field(default_factory=list)
    _groups: list[list[Line]] = field(default_factory=list)
    _heads: list[Line] = field(default_factory=list)

    def head(self, line: Line) -> None:
        """A line that must not stand apart from what follows."""
        self._heads.append(line)

    def text(self, *lines: Line) -> None:
        """Lines that stay together where a slide can hold them."""
        self._groups.append([*self._heads, *lines])
        self._heads.clear()

    def chart(self, chart: LineChart | BarChart, notes: Sequence[str]) -> None:
        """A chart below what was said last."""
        wanted = _LINES if isinstance(chart, LineChart) else _BARS + _BAR * len(chart.categories)
        self._slide(self._above(HEIGHT - wanted), chart, notes)

    def figures(self, figures: Figures, notes: Sequence[str]) -> None:
        """Key figures below what was said last."""
        self._slide(self._above(_ABOVE), figures, notes)

    def table(self, table: SlideTable, notes: Sequence[str]) -> None:
        """A table, on as many slides as it takes, each with its header."""
        clipped, cut = _clipped(table)
        above = self._above(HEIGHT - _GAP - clipped.height())
        room = HEIGHT - _GAP - _height(above)
        for number, part in enumerate(_parts(clipped, room)):
            said = (*notes, *cut) if number == 0 else ()
            self._slide(above if number == 0 else (), part, said)

    def finish(self) -> list[Slide]:
        """All slides of the section; a section without anything has one with its title."""
        if self._heads:
            self.text()
        self._flush()
        if not self.slides:
            self._slide((), None, ())
        return self.slides

    def _above(self, room: float) -> tuple[Line, ...]:
        """The text that stands above what comes now; what is too much of it gets slides of its own first."""
        room = min(max(room, _ABOVE), _MOST_ABOVE)
        heads = [*self._heads]
        self._heads.clear()
        lines = [line for group in self._groups for line in group]
        if _height([*lines, *heads]) <= room:
            self._groups.clear()
            return (*lines, *heads)
        self._flush()
        if _height(heads) <= room:
            return tuple(heads)
        self._groups.append(heads)
        self._flush()
        return ()

    def _flush(self) -> None:
        page: list[Line] = []
        for group in self._groups:
            if page and _height([*page, *group]) > HEIGHT:
                whole = _height(group) <= HEIGHT
                if whole:
                    self._slide(page, None, ())
                    page = []
            for line in group:
                page = self._flow(page, line)
        if page:
            self._slide(page, None, ())
        self._groups.clear()

    def _flow(self, page: list[Line], line: Line) -> list[Line]:
        """Add a line to a page, closing as many pages as it takes."""
        rest: Line | None = line
        while rest is not None:
            first, rest = _split(rest, HEIGHT - _height(page), fresh=not page)
            page = [*page, first] if first is not None else page
            if rest is not None:
                self._slide(page, None, ())
                page = []
        return page

    def _slide(self, lines: Sequence[Line], content: Content | None, notes: Sequence[str]) -> None:
        title = label("continued", self.words).format(title=self.title) if self.slides else self.title
        shown, whole = _short_title(title)
        said = (*([self.title] if not whole else []), *notes)
        self.slides.append(Slide(shown, tuple(lines), content, said, self.language))


def _height(lines: Sequence[Line]) -> float:
    return sum(line.height() for line in lines)


def _split(line: Line, room: float, *, fresh: bool) -> tuple[Line | None, Line | None]:
    """What of a line fits into the room, and what is left."""
    lines = line.lines()
    fitting = int((room - line.before) // (line.size * LEADING))
    if fitting >= len(lines):
        return line, None
    if not fresh and fitting < _FEWEST:
        return None, line
    fitting = max(fitting, 1)
    text = line.lead + line.text
    cut = len("".join(lines[:fitting]))
    lead = len(line.lead)
    first = replace(line, lead=line.lead[:cut], text=text[lead:cut] if cut > lead else "")
    rest = replace(line, lead=line.lead[cut:], text=text[max(cut, lead) :], bullet=False, number=None)
    return first, replace(rest, text=rest.text.lstrip("\n"))


def _short_title(title: str) -> tuple[str, bool]:
    """A title that fits above the body, and whether it is the whole one."""
    text = one_line(title)
    fitting = sum(map(len, wrap(text, WIDTH, TITLE_SIZE)[:_TITLE_LINES]))
    return (text, True) if fitting == len(text) else (shortened(text, fitting - 1), False)


def _clipped(table: SlideTable) -> tuple[SlideTable, list[str]]:
    """The table with its longest cells shortened, and their whole texts."""
    whole: list[str] = []

    def short(row: SlideRow, tallest: int) -> SlideRow:
        return tuple(shorten(cell, width, tallest) for cell, width in table.placed(row))

    def shorten(cell: SlideCell, width: float, tallest: int) -> SlideCell:
        lines = cell.lines(width)
        fitting = min(sum(map(len, lines[:tallest])), _LONGEST_CELL)
        if fitting >= len(cell.text):
            return cell
        whole.append(cell.text)
        return replace(cell, text=shortened(cell.text, fitting - 1))

    headers = tuple(short(row, _TALLEST_HEADER) for row in table.headers)
    rows = tuple(short(row, _TALLEST_CELL) for row in table.rows)
    return replace(table, headers=headers, rows=rows), whole


def _parts(table: SlideTable, room: float) -> list[SlideTable]:
    """The table in parts of about the same height, the first of them within the room."""
    heights = [table.row_height(row) for row in table.rows]
    head = sum(map(table.row_height, table.headers))
    sizes = _sizes(heights, room - head, HEIGHT - head)
    even = sum(heights) / len(sizes) + max(heights, default=0) / 2
    balanced = _sizes(heights, min(room - head, even), min(HEIGHT - head, even))
    if len(balanced) == len(sizes):
        sizes = balanced
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [replace(table, rows=table.rows[start : start + size]) for start, size in zip(starts, sizes, strict=True)]


def _sizes(heights: Sequence[float], first: float, others: float) -> list[int]:
    """How many rows stand on each slide, at least one on each."""
    sizes, used, room = [0], 0.0, first
    for height in heights:
        if sizes[-1] and used + height > room:
            sizes.append(0)
            used, room = 0.0, others
        sizes[-1] += 1
        used += height
    return sizes
