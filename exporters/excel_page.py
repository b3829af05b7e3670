"""One sheet of the workbook, filled from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from openpyxl.chart import LineChart as NativeLineChart
from openpyxl.chart import Reference
from openpyxl.chart.legend import Legend
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from exporters.document import (
    BarChart,
    Block,
    Bullets,
    Callout,
    Insight,
    KeyFigures,
    LineChart,
    Paragraph,
    ReportDocument,
    RiskMatrix,
    Subheading,
    Table,
    Timeline,
    Value,
    ValueType,
)
from exporters.excel_cells import INK, MAX_TEXT, SOFT, fill, put, put_text, row_height, title_font
from exporters.formatting import MISSING, Formatter
from exporters.labels import label, status_label

_TEXT_COLUMNS = 6  # columns that running text is merged across
_WIDTHS: dict[ValueType, float] = {
    "money": 15, "date": 12, "percent": 11, "index": 11, "integer": 11, "number": 12, "days": 11, "status": 16,
}  # fmt: skip


class SheetPage:
    """One sheet, filled from top to bottom."""

    def __init__(self, document: ReportDocument, sheet: Worksheet, number: int) -> None:
        self.document, self.sheet = document, sheet
        self.number, self.tables = number, 0
        self.formatter = Formatter(document.language, document.currency)
        self.row, self.frozen = 1, 2
        self.widths: dict[int, float] = {}
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9 if document.paper == "a4" else 1
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.oddFooter = HeaderFooterItem(right=_HeaderFooterPart(text="&P / &N"))

    def fit(self, table: Table) -> None:
        """Make the columns wide enough for a table."""
        for position in range(1, len(table.columns) + 1):
            self._widen(position, _column_width(table, position - 1, self.formatter))

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Write blocks in order."""
        for block in blocks:
            _WRITERS[type(block)](self, block)
            self.skip()

    def finish(self) -> None:
        """Freeze what stays in sight, and set the widths."""
        self.sheet.freeze_panes = f"A{self.frozen}"
        for position, width in self.widths.items():
            self.sheet.column_dimensions[get_column_letter(position)].width = width

    def _widen(self, position: int, width: float) -> None:
        self.widths[position] = max(self.widths.get(position, 0), width, 10)

    def skip(self) -> None:
        """Leave one row empty."""
        self.row += 1

    def heading(self, text: str) -> None:
        """The title of the sheet."""
        theme = self.document.theme
        put_text(self.sheet.cell(self.row, 1), text, font=title_font(16, theme.primary), wrap=False)
        self.sheet.row_dimensions[self.row].height = 26
        self.row += 1
        if not self.widths:
            self.widths = {1: 30, 2: 18}

    def subheading(self, text: str) -> None:
        """A title within the sheet."""
        put_text(self.sheet.cell(self.row, 1), text, font=title_font(12, self.document.theme.primary), wrap=False)
        self.row += 1

    def text(self, text: str, *, font: Font | None = None, indent: int = 0) -> None:
        """Running text across several columns; what is longer than a cell may be goes on in the next row."""
        for start in range(0, max(len(text), 1), MAX_TEXT):
            part = text[start : start + MAX_TEXT]
            cell = self.sheet.cell(self.row, 1)
            put_text(cell, part, font=font or Font(name="Calibri", size=11, color=INK))
            cell.alignment = Alignment(vertical="top", wrap_text=True, indent=indent)
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=_TEXT_COLUMNS)
            across = sum(self.widths.get(position, 10) for position in range(1, _TEXT_COLUMNS + 1))
            self.sheet.row_dimensions[self.row].height = row_height([(part, across)])
            self.row += 1

    def fact(self, name: str, value: Value, kind: ValueType, note: str | None = None) -> None:
        """A name and its value, and a note beside it."""
        put_text(self.sheet.cell(self.row, 1), name, font=Font(name="Calibri", size=11, color=SOFT))
        put(self.sheet.cell(self.row, 2), value, kind, self.formatter)
        self.sheet.cell(self.row, 2).font = Font(name="Calibri", size=11, bold=True, color=INK)
        if isinstance(value, str):
            self.sheet.cell(self.row, 2).alignment = Alignment(vertical="top")
        if note:
            put_text(self.sheet.cell(self.row, 3), note, font=Font(name="Calibri", size=10, color=SOFT), wrap=False)
        self.row += 1

    def key_figures(self, block: KeyFigures) -> None:
        """Names, values and notes, one under the other."""
        if block.title:
            self.subheading(block.title)
        for figure in block.figures:
            self.fact(figure.label, figure.value, figure.kind, figure.note)

    def paragraph(self, block: Paragraph) -> None:
        """Running text."""
        self.text(block.text, font=Font(name="Calibri", size=11, italic=block.style == "note", color=INK))

    def bullets(self, block: Bullets) -> None:
        """Points, indented by level."""
        for number, item in enumerate(block.items, start=1):
            self.text(f"{f'{number}.' if block.ordered else '•'} {item.text}", indent=min(item.level, 10))

    def callout(self, block: Callout) -> None:
        """A title and its text."""
        self.subheading(block.title)
        self.text(block.text)

    def insight(self, block: Insight) -> None:
        """Title, what it is founded on, text, impact and actions."""
        words, show = self.formatter.language, self.formatter.value
        self.subheading(block.title)
        facts = [
            block.priority and status_label(block.priority, words),
            block.sort,
            block.category,
            block.confidence is not None and f"{label('confidence', words)} {show(block.confidence, 'percent')}",
            block.validation and status_label(block.validation, words),
        ]
        self.text(" · ".join(str(fact) for fact in facts if fact), font=Font(name="Calibri", size=10, color=SOFT))
        self.text(block.text)
        if block.impact:
            self.text(f"{label('impact', words)}{self.formatter.colon}{block.impact}")
        for action in block.actions:
            self.text(f"• {action}", indent=1)

    def table(self, table: Table) -> None:
        """A real Excel table with its total below it."""
        header = self.row
        for position, title in enumerate(_unique_titles(table), start=1):
            cell = self.sheet.cell(header, position)
            put_text(cell, title, font=Font(name="Calibri", size=11, bold=True, color="FFFFFFFF"))
            cell.fill = fill(self.document.theme.primary)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
        titles = [(title, self.widths.get(n, 10) - 3) for n, title in enumerate(_unique_titles(table), start=1)]
        self.sheet.row_dimensions[header].height = row_height(titles) + 4
        self.row += 1
        self.frozen = self.row
        for row in table.rows:
            self._row(table, row)
        if table.rows and table.columns:
            self._native(header, self.row - 1, len(table.columns))
        if table.total is not None:
            self._row(table, table.total, bold=True)

    def _row(self, table: Table, row: Sequence[Value], *, bold: bool = False) -> None:
        texts: list[tuple[str, float]] = []
        for position, (column, value) in enumerate(zip(table.columns, row, strict=True), start=1):
            cell = self.sheet.cell(self.row, position)
            put(cell, value, column.kind, self.formatter)
            cell.font = Font(name="Calibri", size=11, bold=bold, color=INK)
            if cell.data_type == "s":
                texts.append((str(cell.value), self.widths.get(position, 10)))
        self.sheet.row_dimensions[self.row].height = row_height(texts)
        self.row += 1

    def _native(self, first: int, last: int, columns: int) -> None:
        self.tables += 1
        name = f"Table{self.number}_{self.tables}"
        table = NativeTable(displayName=name, ref=f"A{first}:{get_column_letter(columns)}{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        self.sheet.add_table(table)

    def line_chart(self, block: LineChart) -> None:
        """The data as a table and a native chart beside it."""
        self.subheading(block.title)
        self.text(block.finding)
        header = self.row
        titles = [label("month", self.formatter.language), *(series.name for series in block.series)]
        for position, title in enumerate(titles, start=1):
            put_text(self.sheet.cell(header, position), title, font=Font(name="Calibri", size=11, bold=True, color=INK))
            self.widths[position] = max(self.widths.get(position, 0), 18)
        for offset, category in enumerate(block.categories, start=1):
            put_text(self.sheet.cell(header + offset, 1), category)
            for position, series in enumerate(block.series, start=2):
                put(self.sheet.cell(header + offset, position), series.values[offset - 1], block.kind, self.formatter)
        last = header + len(block.categories)
        self._native(header, last, len(titles))
        self.sheet.add_chart(self._native_line(block, header, last), f"{get_column_letter(len(titles) + 2)}{header}")
        self.row = max(last + 1, header + 20)

    def finding(self, block: BarChart | RiskMatrix | Timeline) -> None:
        """What a drawing shows; its data are in the sheet's table."""
        self.text(f"{block.title}{self.formatter.colon}{block.finding}")

    def _native_line(self, block: LineChart, header: int, last: int) -> NativeLineChart:
        chart = NativeLineChart()
        chart.title, chart.height, chart.width = block.title, 9.5, 18
        values = Reference(self.sheet, min_col=2, max_col=1 + len(block.series), min_row=header, max_row=last)
        chart.add_data(values, titles_from_data=True)
        chart.set_categories(Reference(self.sheet, min_col=1, min_row=header + 1, max_row=last))
        chart.y_axis.delete = chart.x_axis.delete = False
        chart.y_axis.numFmt = "#,##0"
        chart.legend = Legend(legendPos="b")
        styles = {"planned": ("5F6B78", "dash"), "earned": ("005F9E", "solid"), "actual": ("C2500A", "sysDot")}
        for native, series in zip(chart.series, block.series, strict=True):
            colour, dash = styles.get(series.role, ("00735C", "solid"))
            native.graphicalProperties.line.solidFill = colour
            native.graphicalProperties.line.dashStyle = dash
            native.graphicalProperties.line.width = 28_000
            native.smooth = False
        return chart


def _unique_titles(table: Table) -> list[str]:
    """Titles with their group's; a table's header cells must differ, whatever their case."""
    made: list[str] = []
    for column in table.columns:
        title = f"{column.group} \N{EN DASH} {column.title}" if column.group else column.title or column.key or MISSING
        base, number = title[:250].replace("\n", " "), 1
        title = base
        while title.lower() in {one.lower() for one in made}:
            number += 1
            title = f"{base} ({number})"
        made.append(title)
    return made


def _column_width(table: Table, position: int, formatter: Formatter) -> float:
    column = table.columns[position]
    if column.prose:
        return 60.0
    longest = max((len(formatter.value(row[position], column.kind)) for row in table.rows), default=8)
    heading = max((len(word) for word in f"{column.group or ''} {column.title}".split()), default=8)
    return max(_WIDTHS.get(column.kind, 0), min(longest + 2, 44), min(heading + 4, 20))


_WRITERS: dict[type, Callable[[SheetPage, Any], None]] = {
    Bullets: SheetPage.bullets,
    BarChart: SheetPage.finding,
    Callout: SheetPage.callout,
    Insight: SheetPage.insight,
    KeyFigures: SheetPage.key_figures,
    LineChart: SheetPage.line_chart,
    Paragraph: SheetPage.paragraph,
    Subheading: lambda page, block: page.subheading(block.text),
    RiskMatrix: SheetPage.finding,
    Timeline: SheetPage.finding,
}
