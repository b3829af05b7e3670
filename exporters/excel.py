"""An Excel workbook: a summary, then one sheet for each subject, with typed cells, real tables and native charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from io import BytesIO

from openpyxl import Workbook
from openpyxl.xml.functions import tostring

from exporters.archive import pinned
from exporters.document import (
    Block,
    KeyFigures,
    ReportDocument,
    Table,
    Value,
    ValueType,
)
from exporters.excel_page import SheetPage
from exporters.formatting import Formatter
from exporters.labels import label
from exporters.sheet_names import SheetNames


def render_excel(document: ReportDocument) -> bytes:
    """The document as a workbook; the same document gives the same bytes."""
    target = BytesIO()
    workbook = _Book(document).build()
    workbook.save(target)
    # openpyxl writes the time of saving as the time of the last change.
    workbook.properties.modified = workbook.properties.created
    return pinned(target.getvalue(), {"docProps/core.xml": tostring(workbook.properties.to_tree())})


class _Book:
    """One workbook under construction."""

    def __init__(self, document: ReportDocument) -> None:
        self.document = document
        self.formatter = Formatter(document.language, document.currency)
        self.workbook = Workbook()
        self.names = SheetNames()

    def build(self) -> Workbook:
        self._properties()
        self.workbook.remove(self.workbook.worksheets[0])
        self._summary(self._page(label("summary", self.document.language)))
        for section in self.document.sections:
            tables = [block for block in section.blocks if isinstance(block, Table)]
            others = [block for block in section.blocks if not isinstance(block, Table)]
            if section.blocks and all(
                isinstance(block, KeyFigures) and block.style == "strip" for block in section.blocks
            ):
                continue  # the summary shows it
            if len(tables) <= 1:
                self._sheet(section.title, tables, others)
                continue
            if others:
                self._sheet(section.title, [], others)
            for table in tables:
                self._sheet(table.title, [table], [])
        return self.workbook

    def _page(self, title: str) -> SheetPage:
        sheet = self.workbook.create_sheet(self.names.make(title))
        return SheetPage(self.document, sheet, len(self.workbook.worksheets))

    def _sheet(self, title: str, tables: Sequence[Table], others: Sequence[Block]) -> None:
        """One subject: its table at the top, where it can be filtered and its header stays in sight; text below."""
        page = self._page(title)
        for table in tables:
            page.fit(table)
        page.heading(title)
        for table in tables:
            page.table(table)
            page.skip()
        page.blocks(others)
        page.finish()

    def _properties(self) -> None:
        cover, properties = self.document.cover, self.workbook.properties
        properties.title = cover.title
        properties.creator = cover.prepared_by or cover.organization or cover.project
        properties.language = f"{self.document.language}-CA"
        moment = cover.generated_at
        properties.created = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)

    def _summary(self, page: SheetPage) -> None:
        cover, words = self.document.cover, self.document.language
        page.heading(cover.title)
        facts: list[tuple[str, Value, ValueType]] = [
            (label("project", words), cover.project, "text"),
            (label("organization", words), cover.organization, "text"),
            (label("period", words), self.formatter.month(cover.period), "text"),
            (label("status", words), cover.status, "status"),
            (label("version", words), cover.version, "integer"),
            (label("health", words), cover.health, "status"),
            (label("prepared_by", words), cover.prepared_by, "text"),
            (label("approved_by", words), cover.approved_by, "text"),
            (label("generated_at", words), cover.generated_at.date(), "date"),
            (label("confidentiality", words), cover.confidentiality, "text"),
        ]
        for name, value, kind in facts:
            if value is not None:
                page.fact(name, value, kind)
        strips = [
            block
            for section in self.document.sections
            for block in section.blocks
            if isinstance(block, KeyFigures) and block.style == "strip"
        ]
        for strip in strips[:1]:
            page.skip()
            page.subheading(label("key_figures", words))
            page.key_figures(strip)
        page.finish()
