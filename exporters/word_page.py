"""The blocks of a document as paragraphs, tables and charts of a Word file, from top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Length

from exporters.document import (
    BarChart,
    Bullets,
    Callout,
    Insight,
    KeyFigures,
    Language,
    LineChart,
    Paragraph,
    RiskMatrix,
    Section,
    Subheading,
    Table,
    Timeline,
    Tone,
)
from exporters.formatting import Formatter
from exporters.labels import label, status_label, status_tone
from exporters.office_charts import NativeChart, can_be_native
from exporters.office_tables import data_table, milestones_table, names_all, risk_grid, spoken
from exporters.office_text import MARKS, TONES
from exporters.office_xml import Element
from exporters.word_lists import Lists
from exporters.word_styles import HEADINGS
from exporters.word_tables import TableWriter
from exporters.word_xml import PLAIN, Look, Run, bookmarked, inline_chart, paragraph, run

_EMU = 635  # to a twentieth of a point
_LINE_SHARE, _BAR_HEIGHT, _BAR_FRAME = 0.46, 360_000, 1_100_000


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that the contents lead to."""

    text: str
    level: int
    anchor: str
    language: Language | None


class ChartPart(Part):
    """A part whose content is known only once it is related to its workbook."""

    chart = b""

    @property
    def blob(self) -> bytes:
        """The chart's XML."""
        return self.chart


class WordPage:
    """The body of a Word file, filled from top to bottom. `width` is that of the text."""

    def __init__(self, document: Document, formatter: Formatter, width: Length) -> None:
        self.document, self.formatter, self.width = document, formatter, width
        self.tables = TableWriter(formatter, int(width) // _EMU)
        self.lists = Lists(document)
        self.headings: list[Heading] = []
        self.level, self.charts = 0, 0
        self.tables_here: list[Table] = []
        self.language: Language | None = None
        self.end = document.element.body.sectPr

    def section(self, section: Section) -> None:
        """A section with its heading and blocks."""
        self.language = self._foreign(section.language)
        self.heading(section.title, section.level)
        below, self.tables_here = self.level, [block for block in section.blocks if isinstance(block, Table)]
        for block in section.blocks:
            self.language = self._foreign(block.language) or self._foreign(section.language)
            _WRITERS[type(block)](self, block, below)

    def add(self, *elements: Element) -> None:
        """Put elements at the end of the body."""
        for one in elements:
            self.end.addprevious(one)

    def write(self, text: str, style: str | None = None, look: Look = PLAIN) -> None:
        """A paragraph of one run."""
        self.add(paragraph([self._run(text)], style, look))

    def heading(self, text: str, level: int) -> None:
        """A heading, never more than one level below the one before it."""
        self.level = min(level, self.level + 1, HEADINGS)
        number = len(self.headings) + 1
        anchor = f"_Toc{number:06}"
        self.headings.append(Heading(text, self.level, anchor, self.language))
        self.add(paragraph(bookmarked(run(self._run(text)), number, anchor), f"Heading{self.level}"))

    def paragraph(self, block: Paragraph, _: int) -> None:
        """Running text."""
        self.write(block.text, {"lead": "Lead", "note": "Note"}.get(block.style))

    def bullets(self, block: Bullets, _: int) -> None:
        """Points by the styles of lists."""
        for item, (style, look) in zip(block.items, self.lists.looks(block), strict=True):
            self.write(item.text, style, look)

    def key_figures(self, block: KeyFigures, _: int) -> None:
        """Figures at a glance, or a list of them."""
        if block.title:
            self.write(block.title, "Caption")
        if block.figures:
            strip = block.style == "strip"
            self._table(self.tables.strip(block, self.language) if strip else self.tables.pairs(block, self.language))
        for figure in block.figures if block.style == "list" else ():
            if figure.note:
                self.write(f"{figure.label}{self.formatter.colon}{figure.note}", "Note")

    def table(self, block: Table, _: int) -> None:
        """A table under its title."""
        self.write(block.title, "Caption")
        if block.columns:
            self._table(self.tables.records(block, self.language))

    def chart(self, block: LineChart | BarChart, level: int) -> None:
        """A chart that can be edited; where Office can't draw it, its numbers."""
        self._introduce(block)
        if not can_be_native(block):
            self.write(block.alternative, "Note")
            self.table(data_table(block, self.formatter), level)
            return
        self.charts += 1
        size = (int(self.width), self._height(block))
        made = inline_chart(
            self._relate(block),
            self.charts,
            size=size,
            name=f"{label('chart', self.formatter.language)} {self.charts}",
            alternative=f"{block.title}. {block.alternative}",
        )
        self.add(paragraph([made]))

    def matrix(self, block: RiskMatrix, _: int) -> None:
        """A matrix of risks as a table."""
        self._introduce(block)
        self._table(self.tables.grid(risk_grid(block, self.formatter), block.alternative, self.language))

    def timeline(self, block: Timeline, _: int) -> None:
        """Milestones as a table, unless the section's own has them all: then a sentence will do."""
        if names_all(self.tables_here, block):
            self.write(block.title, "Caption")
            self.write(spoken(block))
            return
        self._introduce(block)
        table = milestones_table(block, self.formatter)
        self._table(self.tables.records(table, self.language, about=block.alternative))

    def callout(self, block: Callout, _: int) -> None:
        """A passage with a bar in the colour of its tone."""
        look = _card(block.tone)
        self.write(MARKS[block.tone] + block.title, "CardTitle", Look(bar=look.bar, keep_next=True))
        self.write(block.text, "CardText", look)
        self.add(paragraph([]))

    def insight(self, block: Insight, level: int) -> None:
        """Title, what it is founded on, text, impact and actions."""
        look = _card(block.tone)
        self.heading(block.title, level + 1)
        facts = self._facts(block)
        if facts:
            self.add(paragraph(facts, "CardFacts", Look(bar=look.bar, keep_next=True)))
        self.write(block.text, "CardText", look)
        if block.impact:
            name = Run(f"{label('impact', self.formatter.language)}{self.formatter.colon}", bold=True)
            self.add(paragraph([name, self._run(block.impact)], "CardText", look))
        if block.actions:
            name = Run(label("actions", self.formatter.language), bold=True)
            self.add(paragraph([name], "CardText", Look(bar=look.bar, keep_next=True)))
        for action in block.actions:
            self.write(action, "ListBullet")

    def _facts(self, block: Insight) -> list[Run]:
        words = self.formatter.language
        made: list[Run] = []
        if block.priority:
            tone = status_tone(block.priority)
            made.append(Run(MARKS[tone] + status_label(block.priority, words), bold=True, colour=TONES[tone]))
        others = [
            block.sort,
            block.category,
            block.confidence is not None and f"{label('confidence', words)} {self.formatter.percent(block.confidence)}",
            block.validation
            and f"{label('validation', words)}{self.formatter.colon}{status_label(block.validation, words).lower()}",
        ]
        made += [Run(f"   {fact}" if made else str(fact)) for fact in others if fact]
        return made

    def _introduce(self, block: LineChart | BarChart | RiskMatrix | Timeline) -> None:
        self.write(block.title, "Caption")
        self.write(block.finding, None, Look(keep_next=True))

    def _table(self, made: Element) -> None:
        """A table and the paragraph that keeps it apart from what follows."""
        self.add(made, paragraph([], "TableText"))

    def _height(self, block: LineChart | BarChart) -> int:
        if isinstance(block, LineChart):
            return round(int(self.width) * _LINE_SHARE)
        return min(_BAR_FRAME + _BAR_HEIGHT * len(block.categories), round(int(self.width) * 1.25))

    def _relate(self, block: LineChart | BarChart) -> str:
        """Put the chart and its workbook into the package, and return the id of the way to it."""
        native = NativeChart(block, self.formatter, text_size=9)
        package = self.document.part.package
        book = Part(
            PackURI(f"/word/embeddings/chart{self.charts}.xlsx"), CONTENT_TYPE.SML_SHEET, native.xlsx_blob, package
        )
        part = ChartPart(PackURI(f"/word/charts/chart{self.charts}.xml"), CONTENT_TYPE.DML_CHART, None, package)
        part.chart = native.with_workbook(part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE))
        return self.document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)

    def _run(self, text: str) -> Run:
        return Run(text, language=self.language)

    def _foreign(self, language: Language | None) -> Language | None:
        return None if language == self.formatter.language else language


def _card(tone: Tone) -> Look:
    return Look(bar=TONES[tone])


_WRITERS: dict[type, Callable[[WordPage, Any, int], None]] = {
    BarChart: WordPage.chart,
    Bullets: WordPage.bullets,
    Callout: WordPage.callout,
    Insight: WordPage.insight,
    KeyFigures: WordPage.key_figures,
    LineChart: WordPage.chart,
    Paragraph: WordPage.paragraph,
    RiskMatrix: WordPage.matrix,
    Subheading: lambda page, block, level: page.heading(block.text, level + block.level),
    Table: WordPage.table,
    Timeline: WordPage.timeline,
}
