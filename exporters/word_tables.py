"""Tables of a Word file: a header that is repeated on every page, figures to the right, the total at the end."""

from __future__ import annotations

from collections.abc import Sequence

from exporters.document import KeyFigure, KeyFigures, Language, Table
from exporters.formatting import Formatter, is_numeric
from exporters.office_tables import Grid, cell_tone, marked
from exporters.office_text import MARKS, PALE, TINT, TONES
from exporters.office_xml import Element
from exporters.pdf_tables import Cell, Group, Layout, Row, lay_out
from exporters.word_styles import TABLE_STYLE
from exporters.word_xml import PLAIN, Look, Run, element, paragraph, value

_PER_LINE = 4  # key figures side by side
_LONG_ROW = 2_000  # characters; what may be longer than a page must be free to go on in the next


class TableWriter:
    """Makes tables of a given width, in twentieths of a point."""

    def __init__(self, formatter: Formatter, width: int) -> None:
        self.formatter, self.width = formatter, width

    def records(self, table: Table, language: Language | None, *, about: str = "") -> Element:
        """Rows of formatted values; what doesn't fit beside the others stands below its row."""
        layout = lay_out(table, self.formatter)
        widths = [round(self.width * share / 100) for share in layout.widths]
        made = self._table(widths, first=True, last=layout.total is not None, about=about or table.title)
        made.extend(_headers(layout, language))
        for row in layout.rows:
            made.extend(_row(row, language, len(widths)))
        if layout.total is not None:
            made.append(_tr([_value(cell, language, bold=True) for cell in layout.total.cells]))
        return made

    def strip(self, block: KeyFigures, language: Language | None) -> Element:
        """Figures to be seen at a glance, four in a line."""
        made = self._table([self.width // _PER_LINE] * _PER_LINE, style=None, about=block.title or "")
        for start in range(0, len(block.figures), _PER_LINE):
            figures = block.figures[start : start + _PER_LINE]
            cells = [self._figure(figure, language) for figure in figures]
            cells += [_cell([paragraph([])]) for _ in range(_PER_LINE - len(figures))]
            made.append(_tr(cells))
        return made

    def facts(self, rows: Sequence[tuple[str, str, bool]], language: Language | None, *, style: str) -> Element:
        """Names and values, one under the other; numbers stand to the right."""
        made = self._table([self.width * 11 // 20, self.width * 9 // 20])
        for name, text, numeric in rows:
            look = Look(align="right") if numeric else PLAIN
            cells = [
                _cell([paragraph([Run(name, language=language)], style)]),
                _cell([paragraph([Run(text, bold=True, language=language)], style, look)]),
            ]
            made.append(_tr(cells))
        return made

    def pairs(self, block: KeyFigures, language: Language | None) -> Element:
        """Names and values of a list of figures."""
        rows = [(_name(one), self.formatter.value(one.value, one.kind), is_numeric(one.kind)) for one in block.figures]
        return self.facts(rows, language, style="TableText")

    def grid(self, grid: Grid, alternative: str, language: Language | None) -> Element:
        """A matrix of risks; who can't see it is read its alternative."""
        side = self.width // 8
        widths = [2 * side, *[self.width * 6 // 40] * 5]
        made = self._table(widths, first=True, about=alternative)
        made.append(_tr([_heading(text, language) for text in (grid.corner, *grid.impacts)], header=True))
        for name, cells in grid.rows:
            line = [_heading(name, language)]
            line += [_cell([_text(one.text, language, Look(align="center"))], fill=one.fill) for one in cells]
            made.append(_tr(line, height=500))
        return made

    def band(self, content: Sequence[Element], colour: str) -> Element:
        """One cell across the page on a ground of this colour."""
        made = self._table([self.width], style=None)
        made.append(_tr([_cell(content, fill=colour, padding=360)]))
        return made

    def _figure(self, figure: KeyFigure, language: Language | None) -> Element:
        def part(text: str, style: str, colour: str | None = None) -> Element:
            return paragraph([Run(text, language=language, colour=colour)], style)

        tone = TONES[figure.tone]
        content = [
            part(_name(figure), "KeyFigureName", None if figure.tone == "neutral" else tone),
            part(self.formatter.value(figure.value, figure.kind), "KeyFigure"),
            part(figure.note or "", "KeyFigureNote"),
        ]
        return _cell(content, fill=PALE, edge=tone)

    def _table(
        self,
        widths: Sequence[int],
        *,
        style: str | None = TABLE_STYLE,
        first: bool = False,
        last: bool = False,
        about: str = "",
    ) -> Element:
        properties = element("w:tblPr")
        if style:
            properties.append(value("w:tblStyle", style))
        properties.append(element("w:tblW", {"w:w": sum(widths), "w:type": "dxa"}))
        properties.append(element("w:tblLayout", {"w:type": "fixed"}))
        shown = {"w:firstRow": int(first), "w:lastRow": int(last), "w:firstColumn": 0, "w:lastColumn": 0}
        properties.append(element("w:tblLook", {"w:val": "0000", **shown, "w:noHBand": 1, "w:noVBand": 1}))
        if about:
            properties.append(value("w:tblDescription", about))
        columns = [element("w:gridCol", {"w:w": width}) for width in widths]
        return element("w:tbl", None, properties, element("w:tblGrid", None, *columns))


def _name(figure: KeyFigure) -> str:
    return MARKS[figure.tone] + figure.label


def _headers(layout: Layout, language: Language | None) -> list[Element]:
    titles = [
        _heading(column.title, language, Look(align="right") if is_numeric(column.kind) else PLAIN)
        for column in layout.columns
    ]
    rows = [_tr([_group(one, language) for one in layout.groups], header=True)] if layout.groups else []
    return [*rows, *([_tr(titles, header=True)] if titles else [])]


def _group(group: Group, language: Language | None) -> Element:
    return _cell(
        [paragraph([Run(group.title, language=language)], "TableHeading", Look(align="center"))], group.span, fill=TINT
    )


def _heading(text: str, language: Language | None, look: Look = PLAIN) -> Element:
    return _cell([paragraph([Run(text, language=language)], "TableHeading", look)], fill=TINT)


def _row(row: Row, language: Language | None, columns: int) -> list[Element]:
    made = [_tr([_value(cell, language) for cell in row.cells], keep=bool(row.details))]
    if row.details:
        made.append(_tr([_cell(_details(row.details, language), columns)]))
    return made


def _details(cells: Sequence[Cell], language: Language | None) -> list[Element]:
    """Short values on one line, prose on lines of its own."""
    short = [run for cell in cells if not cell.column.prose for run in (*_detail(cell, language), Run("    "))]
    prose = [paragraph(_detail(cell, language), "TableDetail") for cell in cells if cell.column.prose]
    return [*([paragraph(short[:-1], "TableDetail")] if short else []), *prose]


def _value(cell: Cell, language: Language | None, *, bold: bool = False) -> Element:
    tone = cell_tone(cell)
    colour = None if tone == "neutral" else TONES[tone]
    run = Run(marked(cell), bold=bold or colour is not None, colour=colour, language=cell.column.language or language)
    return _cell([paragraph([run], "TableText", Look(align="right") if cell.numeric else PLAIN)])


def _detail(cell: Cell, language: Language | None) -> tuple[Run, Run]:
    name = Run(f"{cell.column.title}\N{NO-BREAK SPACE} ", bold=True, language=language)
    return name, Run(marked(cell), language=cell.column.language or language)


def _text(text: str, language: Language | None, look: Look = PLAIN) -> Element:
    return paragraph([Run(text, language=language)], "TableText", look)


def _tr(cells: Sequence[Element], *, header: bool = False, keep: bool = False, height: int = 0) -> Element:
    properties = element("w:trPr")
    if sum(len(text) for one in cells for text in one.itertext()) < _LONG_ROW:
        properties.append(element("w:cantSplit"))
    if height:
        properties.append(element("w:trHeight", {"w:val": height, "w:hRule": "atLeast"}))
    if header:
        properties.append(element("w:tblHeader"))
    if keep:
        for one in cells:
            _keep_with_next(one)
    return element("w:tr", None, properties, *cells)


def _keep_with_next(cell: Element) -> None:
    for properties in cell.iterfind("{*}p/{*}pPr"):
        style = properties.find("{*}pStyle")
        position = 0 if style is None else 1
        properties.insert(position, element("w:keepNext"))


def _cell(
    content: Sequence[Element], span: int = 1, *, fill: str | None = None, edge: str | None = None, padding: int = 0
) -> Element:
    properties = element("w:tcPr")
    if span > 1:
        properties.append(value("w:gridSpan", span))
    if edge:
        properties.append(_edges(edge))
    if fill:
        properties.append(element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": fill}))
    if padding:
        sides = [element(f"w:{side}", {"w:w": padding, "w:type": "dxa"}) for side in ("left", "right")]
        properties.append(element("w:tcMar", None, *sides))
    return element("w:tc", None, properties, *content)


def _edges(colour: str) -> Element:
    """A coloured edge to the left, and white ones that keep neighbours apart."""
    white: dict[str, str | int] = {"w:val": "single", "w:sz": 24, "w:space": 0, "w:color": "FFFFFF"}
    left = {**white, "w:color": colour}
    sides = [("top", white), ("left", left), ("bottom", white), ("right", white)]
    return element("w:tcBorders", None, *(element(f"w:{side}", look) for side, look in sides))
