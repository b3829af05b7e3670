from __future__ import annotations

import re
import time
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from exporters.document import Column, KeyFigure, KeyFigures, Paragraph, ReportDocument, Section, Table
from exporters.excel import render_excel
from exporters.figures import trend_chart
from exporters.formatting import Formatter
from exporters.sections import normalise_section
from tests.support.waiting import wait_until
from tests.unit.exporters.samples import SECTIONS, TREND, cover, document


def report(language: str = "en") -> ReportDocument:
    formatter = Formatter("fr" if language == "fr" else "en")
    sections = [normalise_section(raw, formatter, position=n) for n, raw in enumerate(SECTIONS, start=1)]
    chart = trend_chart(TREND, formatter)
    assert chart is not None
    sections[2] = sections[2].model_copy(update={"blocks": (*sections[2].blocks, chart)})
    figure = KeyFigure(label="Budget", value=Decimal(1_034_000), kind="money")
    first = Section(id="key_figures", title="At a glance", blocks=(KeyFigures(figures=(figure,)),))
    return ReportDocument(id="r/2", language=formatter.language, cover=cover(), sections=(first, *sections))


def opened(file: bytes) -> Workbook:
    return load_workbook(BytesIO(file))


def cells(sheet: Worksheet) -> dict[str, Any]:
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


@pytest.fixture(scope="module")
def english() -> bytes:
    return render_excel(report())


def test_a_summary_comes_first_and_then_one_sheet_for_each_subject(english: bytes) -> None:
    book = opened(english)
    assert book.sheetnames == [
        *("Summary", "Executive Summary", "Sommaire", "Key Performance Metrics", "Budget Status", "Schedule Status"),
        *("Key Risks and Issues", "Recommendations"),
    ]
    summary = cells(book["Summary"])
    assert summary["A1"] == "Monthly report"
    assert "At risk" in summary.values()
    assert 1_034_000 in summary.values()


def test_figures_are_numbers_and_dates_are_dates(english: bytes) -> None:
    book = opened(english)
    budget = book["Budget Status"]
    assert [cell.value for cell in budget[2][:5]] == ["Category", "Planned", "Actual", "Forecast", "Variance"]
    assert [cell.value for cell in budget[4][:5]] == ["Design", 189_000, 154_122.5, 180_000, 9_000]
    assert [cell.value for cell in budget[5][:5]] == ["Total", 1_034_000, 665_986.5, 1_111_200, -77_200]
    assert budget["C4"].number_format == '"$"#,##0.00;-"$"#,##0.00'
    schedule = book["Schedule Status"]
    assert schedule["B4"].value == datetime(2026, 10, 16)  # noqa: DTZ001 - Excel knows no time zones
    assert schedule["F4"].value == 0.7
    assert schedule["F4"].number_format == "0.0%"


def test_every_table_is_a_real_one_under_a_frozen_header(english: bytes) -> None:
    budget = opened(english)["Budget Status"]
    (table,) = budget.tables.values()
    assert table.ref == "A2:E4"
    assert budget.freeze_panes == "A3"
    assert budget.column_dimensions["B"].width >= 15


def test_three_point_estimates_have_headers_that_differ(english: bytes) -> None:
    risks = opened(english)["Key Risks and Issues"]
    headers = [cell.value for cell in risks[2] if cell.value]
    assert len(set(headers)) == len(headers)
    assert "Cost impact \N{EN DASH} Likely" in headers


def test_the_curve_is_a_native_chart_of_the_cells_beside_it(english: bytes) -> None:
    with ZipFile(BytesIO(english)) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        xml = archive.read(charts[0]).decode()
    assert len(charts) == 1
    assert re.findall(r"<f>('Key Performance Metrics'![$]B[$]\d+:[$]B[$]\d+)<", xml)


def test_the_same_document_gives_the_same_bytes(english: bytes) -> None:
    second = int(time.time())
    wait_until(lambda: int(time.time()) > second, "the clock shows another second", seconds=5)
    assert render_excel(report()) == english
    with ZipFile(BytesIO(english)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_french_workbook_speaks_french() -> None:
    book = opened(render_excel(report("fr")))
    assert book.sheetnames[0] == "Sommaire"
    assert book["Budget Status"]["B3"].number_format == '#,##0\xa0"$"'
    assert book.properties.language == "fr-CA"
    assert book["Schedule Status"]["E4"].value == "En retard"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(A1)", "{=1}", "'=1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    table = Table(title=text, columns=(Column(key="a", title=text), Column(key="b", title=text)), rows=((text, "b"),))
    file = render_excel(document(table, Paragraph(text=text), cover=cover(title=text, project=text, prepared_by=text)))
    with ZipFile(BytesIO(file)) as archive:
        sheets = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
    assert b"<f>" not in sheets
    assert b"<f " not in sheets
    values = [cell for sheet in opened(file) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in values)
    assert text in {cell.value for cell in values}


def test_sheet_names_are_legal_and_differ() -> None:
    titles = ["A/B:C*D?[E]\\F", "x" * 40, "X" * 40, "x" * 40, "", "'quoted'", "History", "Summary", "\x00"]
    titles += ["😀" * 40, "😀" * 40]
    body = (Paragraph(text="."),)
    sections = [Section(id=str(n), title=title, blocks=body) for n, title in enumerate(titles)]
    names = opened(render_excel(document().model_copy(update={"sections": tuple(sections)}))).sheetnames
    assert len({name.lower() for name in names}) == len(titles) + 1
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)
        assert name.lower() != "history"


def test_text_longer_than_a_cell_goes_on_in_the_next() -> None:
    file = render_excel(document(Paragraph(text="w" * 70_000)))
    lengths = [len(value) for value in cells(opened(file)["First section"]).values() if set(value) == {"w"}]
    assert lengths == [32_767, 32_767, 4_466]


@pytest.mark.parametrize("value", [10**30, Decimal("1e400"), Decimal("-12345678901234567.89"), "9" * 500])
def test_numbers_that_excel_would_round_stay_text(value: Any) -> None:
    table = Table(title="T", columns=(Column(key="a", title="A", kind="number"),), rows=((value,),))
    cell = opened(render_excel(document(table)))["First section"]["A3"]
    assert cell.data_type == "s"
    assert Decimal(cell.value) == Decimal(str(value))


def test_hostile_characters_do_no_harm() -> None:
    raw = {"name": "a\x00\x07\ud800", "content": {"k\x01": ["<b>&\x02", "😀", "\u202eשלח", {"x": "y" * 10_000}]}}
    section = normalise_section(raw, Formatter("en"))
    text = " ".join(
        str(value) for value in cells(opened(render_excel(document(*section.blocks)))["First section"]).values()
    )
    for expected in ("<b>&", "😀", "\u202eשלח", "y" * 10_000):
        assert expected in text
