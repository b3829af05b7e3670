"""The sections of a document as planned slides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from exporters.document import (
    BarChart,
    Bullets,
    Callout,
    Insight,
    KeyFigure,
    KeyFigures,
    Language,
    LineChart,
    Paragraph,
    ReportDocument,
    RiskMatrix,
    Section,
    Subheading,
    Table,
    Timeline,
)
from exporters.formatting import Formatter, is_numeric
from exporters.labels import label, status_label, status_tone
from exporters.office_charts import can_be_native
from exporters.office_tables import cell_tone, data_table, marked, milestones_table, names_all, risk_grid, spoken
from exporters.office_text import MARKS, SOFT, TONES, clipped
from exporters.pdf_tables import Cell, Layout, Row, lay_out
from exporters.powerpoint_plan import WIDTH, Figures, Line, SectionPlan, Slide, SlideCell, SlideTable

PRIMARY = "primary"  # stands for the theme's colour, which the reader may change
_CAPACITY = 138.0  # characters across a slide, at the size of a table's text
_FIGURES = 8  # on one slide
_LIST_WIDTH = 620.0
_GRID_ROW = 40.0
_LABEL, _NOTE = 44, 50  # characters of a key figure that surely fit its card


def plan_slides(document: ReportDocument, formatter: Formatter) -> list[Slide]:
    """Every slide of the sections, in order."""
    return [slide for section in document.sections for slide in _SectionFlow(section, formatter).slides()]


class _SectionFlow:
    """Turns the blocks of one section into slides."""

    def __init__(self, section: Section, formatter: Formatter) -> None:
        self.section, self.formatter = section, formatter
        self.words = formatter.language
        self.language = self._foreign(section.language)
        self.plan = SectionPlan(section.title, self.language, self.words)

    def slides(self) -> list[Slide]:
        for block in self.section.blocks:
            self.language = self._foreign(block.language) or self._foreign(self.section.language)
            _WRITERS[type(block)](self, block)
        return self.plan.finish()

    def paragraph(self, block: Paragraph) -> None:
        size = {"lead": 18.0, "note": 14.0}.get(block.style, 16.0)
        self.plan.text(self._line(block.text, size=size, colour=SOFT if block.style == "note" else None))

    def subheading(self, block: Subheading) -> None:
        self._title(block.text, size=20.0 - 2 * block.level)

    def bullets(self, block: Bullets) -> None:
        counts: dict[int, int] = {}
        for item in block.items:
            counts = {level: count for level, count in counts.items() if level <= item.level}
            counts[item.level] = counts.get(item.level, 0) + 1
            number = counts[item.level] if block.ordered else None
            self.plan.text(self._line(item.text, bullet=not block.ordered, number=number, level=item.level))

    def callout(self, block: Callout) -> None:
        title = self._line(MARKS[block.tone] + block.title, size=18, bold=True, colour=TONES[block.tone])
        self.plan.text(title, self._line(block.text))

    def insight(self, block: Insight) -> None:
        tone = TONES[block.tone]
        lines = [self._line(MARKS[block.tone] + block.title, size=18, bold=True, colour=tone, before=14)]
        facts = self._facts(block)
        lines += [self._line(facts, size=12, colour=SOFT, before=2)] if facts else []
        lines.append(self._line(block.text, size=15, before=3))
        if block.impact:
            impact = f"{label('impact', self.words)}{self.formatter.colon}"
            lines.append(self._line(block.impact, size=15, lead=impact, before=3))
        if block.actions:
            lines.append(self._line(label("actions", self.words), size=15, bold=True, before=3))
        lines += [self._line(action, size=15, bullet=True, before=2) for action in block.actions]
        self.plan.text(*lines)

    def _facts(self, block: Insight) -> str:
        facts = [
            block.priority and MARKS[status_tone(block.priority)] + status_label(block.priority, self.words),
            block.sort,
            block.category,
            block.confidence is not None
            and f"{label('confidence', self.words)} {self.formatter.percent(block.confidence)}",
            block.validation
            and f"{label('validation', self.words)}{self.formatter.colon}"
            f"{status_label(block.validation, self.words).lower()}",
        ]
        return " · ".join(str(fact) for fact in facts if fact)

    def key_figures(self, block: KeyFigures) -> None:
        if block.title:
            self._title(block.title)
        if block.style == "list":
            self._pairs(block.figures)
            return
        for start in range(0, len(block.figures), _FIGURES):
            figures = block.figures[start : start + _FIGURES]
            notes = [note for one in figures for note in (one.label, one.note or "") if len(note) > _NOTE]
            shown = (
                one.model_copy(update={"label": clipped(one.label, _LABEL), "note": clipped(one.note or "", _NOTE)})
                for one in figures
            )
            self.plan.figures(Figures(tuple(shown)), notes)

    def _pairs(self, figures: Sequence[KeyFigure]) -> None:
        rows = tuple(
            (
                self._cell(MARKS[one.tone] + one.label),
                self._cell(self.formatter.value(one.value, one.kind), numeric=is_numeric(one.kind), bold=True),
                *((self._cell(one.note or ""),) if any(each.note for each in figures) else ()),
            )
            for one in figures
        )
        widths = (_LIST_WIDTH * 0.6, _LIST_WIDTH * 0.4, WIDTH - _LIST_WIDTH)[: len(rows[0])] if rows else ()
        if rows:
            self.plan.table(SlideTable(widths, (), rows), ())

    def table(self, block: Table) -> None:
        """Rows of formatted values; what doesn't fit beside the others is in the notes."""
        layout = lay_out(block, self.formatter, _CAPACITY)
        self._title(block.title)
        left_out = dict.fromkeys(cell.column.title for row in layout.rows for cell in row.details)
        if left_out:
            text = label("in_notes", self.words).format(columns=", ".join(left_out))
            self.plan.head(self._line(clipped(text, 200), size=12, colour=SOFT, before=2))
        if not layout.columns:
            self.plan.text()
            return
        self.plan.table(
            self._slide_table(layout, block.title), [self._details(row) for row in layout.rows if row.details]
        )

    def chart(self, block: LineChart | BarChart) -> None:
        self._introduce(block)
        if can_be_native(block):
            self.plan.chart(block, [block.finding, block.alternative])
            return
        self.plan.text(self._line(block.alternative, size=14, colour=SOFT))
        self.table(data_table(block, self.formatter))

    def matrix(self, block: RiskMatrix) -> None:
        self._introduce(block)
        grid = risk_grid(block, self.formatter)
        header = tuple(self._header(text, centred=n > 0) for n, text in enumerate((grid.corner, *grid.impacts)))
        rows = tuple(
            (self._cell(name, bold=True), *(self._cell(one.text, centred=True, fill=one.fill) for one in cells))
            for name, cells in grid.rows
        )
        widths = (WIDTH * 0.2, *[WIDTH * 0.16] * 5)
        about = f"{block.title}. {block.alternative}"
        self.plan.table(SlideTable(widths, (header,), rows, about, _GRID_ROW), [block.alternative])

    def timeline(self, block: Timeline) -> None:
        """Milestones as a table, unless the section's own has them all."""
        if names_all([one for one in self.section.blocks if isinstance(one, Table)], block):
            title = self._line(block.title, size=16, bold=True, colour=PRIMARY)
            self.plan.text(title, self._line(spoken(block), size=14, before=2))
            return
        self._introduce(block)
        layout = lay_out(milestones_table(block, self.formatter), self.formatter, _CAPACITY)
        self.plan.table(self._slide_table(layout, block.title), [block.alternative])

    def _introduce(self, block: LineChart | BarChart | RiskMatrix | Timeline) -> None:
        self._title(block.title)
        self.plan.head(self._line(block.finding, size=14, before=2))

    def _title(self, text: str, size: float = 16.0) -> None:
        self.plan.head(self._line(text, size=size, bold=True, colour=PRIMARY, before=8))

    def _slide_table(self, layout: Layout, about: str) -> SlideTable:
        columns = tuple(self._header(column.title, numeric=is_numeric(column.kind)) for column in layout.columns)
        groups: list[SlideCell] = []
        for group in layout.groups:
            groups.append(self._header(group.title, centred=True, span=group.span))
            groups += [self._header("", span=0)] * (group.span - 1)
        rows = [tuple(self._value(cell) for cell in row.cells) for row in layout.rows]
        if layout.total is not None:
            rows.append(tuple(self._value(cell, bold=True, fill="tint") for cell in layout.total.cells))
        headers = (tuple(groups), columns) if groups else (columns,)
        return SlideTable(tuple(WIDTH * share / 100 for share in layout.widths), headers, tuple(rows), about)

    def _value(self, cell: Cell, *, bold: bool = False, fill: str | None = None) -> SlideCell:
        tone = cell_tone(cell)
        return SlideCell(
            _one_ending(marked(cell)),
            numeric=cell.numeric,
            bold=bold or tone != "neutral",
            colour=None if tone == "neutral" else TONES[tone],
            fill=fill,
            language=self._foreign(cell.column.language) or self.language,
        )

    def _details(self, row: Row) -> str:
        name = " ".join(clipped(cell.text, 60) for cell in row.cells[:2])
        said = "; ".join(f"{cell.column.title}{self.formatter.colon}{marked(cell)}" for cell in row.details)
        return f"{name} \N{EN DASH} {said}"

    def _header(self, text: str, *, numeric: bool = False, centred: bool = False, span: int = 1) -> SlideCell:
        return SlideCell(
            _one_ending(text), numeric, bold=True, colour="FFFFFF", fill=PRIMARY, centred=centred, span=span,
            language=self.language,
        )  # fmt: skip

    def _cell(self, text: str, **look: Any) -> SlideCell:
        return SlideCell(_one_ending(text), language=self.language, **look)

    def _line(self, text: str, **look: Any) -> Line:
        return Line(_one_ending(text), language=self.language, **look)

    def _foreign(self, language: Language | None) -> Language | None:
        return None if language == self.words else language


def _one_ending(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


_WRITERS: dict[type, Callable[[_SectionFlow, Any], None]] = {
    BarChart: _SectionFlow.chart,
    Bullets: _SectionFlow.bullets,
    Callout: _SectionFlow.callout,
    Insight: _SectionFlow.insight,
    KeyFigures: _SectionFlow.key_figures,
    LineChart: _SectionFlow.chart,
    Paragraph: _SectionFlow.paragraph,
    RiskMatrix: _SectionFlow.matrix,
    Subheading: _SectionFlow.subheading,
    Table: _SectionFlow.table,
    Timeline: _SectionFlow.timeline,
}
