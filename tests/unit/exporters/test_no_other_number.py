"""No file says a number that its report doesn't: figures, and what counts pages and places, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader

from engines.text.numbers import find_numbers
from exporters.document import KeyFigures, ReportDocument, Table, Value
from exporters.registry import exporter_for
from tests.unit.exporters.office_files import wanted
from tests.unit.tasks.test_report_document import SAMPLES, build, sample

REPORTS = pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)


def said_by(document: ReportDocument) -> set[Decimal]:
    """The numbers of the document as its language writes them, its cover's, and those that count places in it."""
    cover = document.cover
    counted = range(1, 100)
    dates = (cover.version, cover.period.year, cover.generated_at.day, cover.generated_at.year)
    return {one for text in wanted(document) for one in find_numbers(text)} | {Decimal(n) for n in (*counted, *dates)}


@REPORTS
def test_a_pdf_says_no_other_number(path: Path) -> None:
    # The scales of charts have numbers of their own.
    document = build(sample(path), include_raw_data=True, include_charts=False)
    pages = PdfReader(io.BytesIO(exporter_for("pdf").render(document))).pages
    # As laid out: two cells of a row stay apart, where their digits would else make a number in French.
    lines = [line for page in pages for line in page.extract_text(extraction_mode="layout").splitlines()]
    found = {one for line in lines for one in find_numbers(line)}
    assert len(found & said_by(document)) > 50
    assert found - said_by(document) == set()


@REPORTS
def test_slides_say_no_other_number(path: Path) -> None:
    document = build(sample(path), include_raw_data=True)
    root: Any = html.fromstring(exporter_for("slides").render(document))
    for element in root.xpath("//script | //style | //svg | //head"):
        element.drop_tree()
    found = {one for text in root.itertext() for one in find_numbers(str(text))}
    assert len(found & said_by(document)) > 50
    assert found - said_by(document) == set()


@REPORTS
def test_a_workbook_holds_no_other_number(path: Path) -> None:
    document = build(sample(path), include_raw_data=True)
    book = load_workbook(io.BytesIO(exporter_for("excel").render(document)))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    numbers = {round(float(cell), 6) for cell in cells if isinstance(cell, int | float)}
    values = {round(float(value), 6) for value in values_of(document) if isinstance(value, int | Decimal)}
    assert len(numbers) > 20
    assert numbers - values - {float(n) for n in range(1, 100)} == set()


def values_of(document: ReportDocument) -> Iterator[Value]:
    """The raw values of the document: of its tables, figures and charts."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (value for row in (*block.rows, block.total or ()) for value in row)
            elif isinstance(block, KeyFigures):
                yield from (figure.value for figure in block.figures)
            elif series := getattr(block, "series", None):
                yield from (value for one in series for value in one.values)
            elif confidence := getattr(block, "confidence", None):
                yield confidence
