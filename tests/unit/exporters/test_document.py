from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from exporters.document import Column, KeyFigure, Paragraph, ReportDocument, Table
from exporters.formatting import Formatter
from exporters.registry import EXPORTERS, UnknownFormat, exporter_for
from exporters.text import clean_text
from tests.unit.exporters.samples import document

COLUMNS = (
    Column(key="a", title="A", kind="money"),
    Column(key="b", title="B", kind="date"),
    Column(key="c", title="C"),
)


def table(*rows: tuple[object, ...]) -> Table:
    return Table.model_validate({"title": "T", "columns": COLUMNS, "rows": rows})


def test_a_document_goes_through_json_and_back_unchanged() -> None:
    figure = KeyFigure(label="Budget", value=Decimal("12.50"), kind="money")
    rows = table(("12.50", "2026-01-31", "2026-01-31"), (3, "n/a", "12.50"))
    before = document(rows, Paragraph(text="Fin.", language="fr"))
    assert ReportDocument.model_validate_json(before.model_dump_json()) == before
    assert KeyFigure.model_validate_json(figure.model_dump_json()) == figure


def test_values_are_read_by_their_columns_type() -> None:
    assert table(("12.50", "2026-01-31", "2026-01-31")).rows == ((Decimal("12.50"), date(2026, 1, 31), "2026-01-31"),)


def test_what_doesnt_fit_its_column_stays_the_text_it_was() -> None:
    assert table(("n/a", "soon", 5)).rows == (("n/a", "soon", "5"),)
    assert table((float("nan"), None, True)).rows == (("nan", None, True),)


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        table((1, 2))


def test_only_characters_that_xml_forbids_are_dropped() -> None:
    assert (
        clean_text("a\x00b\x07\ud800c\ufffe\tné\n😀\u202e\N{HEBREW LETTER SHIN}")
        == "abc\tné\n😀\u202e\N{HEBREW LETTER SHIN}"
    )
    assert Paragraph(text="bell\x07").text == "bell"


def test_a_document_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        document().language = "fr"  # type: ignore[misc]


def test_numbers_money_and_dates_follow_the_language() -> None:
    english, french = Formatter("en"), Formatter("fr")
    assert english.money(Decimal(-1234567)) == "-$1,234,567"
    assert french.money(Decimal(-1234567)) == "-1\xa0234\xa0567\xa0$"
    assert english.value(Decimal("1234.56"), "money") == "$1,234.56"
    assert Formatter("en", "USD").money(Decimal(5)) == "US$5"
    assert french.value(Decimal("0.545"), "percent") == "54,5\xa0%"
    assert english.value(Decimal("0.936"), "index") == "0.936"
    assert french.value(date(2026, 3, 1)) == "1 mars 2026"
    assert french.value("at_risk", "status") == "À risque"
    assert english.value("never heard of", "status") == "never heard of"
    assert english.value(None) == "\N{EN DASH}"


@pytest.mark.parametrize("number", ["1e-300", "1e300", "-0", "123456789012345678901234567890.12"])
def test_any_number_can_be_shown(number: str) -> None:
    for kind in ("money", "percent", "number", "index", "days", "integer"):
        assert Formatter("fr").value(Decimal(number), kind)


def test_exporters_are_found_by_format() -> None:
    extensions = {name: exporter.extension for name, exporter in EXPORTERS.items()}
    assert extensions == {"pdf": ".pdf", "excel": ".xlsx", "slides": ".html", "word": ".docx", "powerpoint": ".pptx"}
    assert all(name == exporter.format for name, exporter in EXPORTERS.items())
    with pytest.raises(UnknownFormat, match="did you mean 'excel'"):
        exporter_for("exel")
    with pytest.raises(UnknownFormat, match="known are excel, pdf, powerpoint, slides, word"):
        exporter_for("docx-ish")
