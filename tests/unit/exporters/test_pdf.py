from __future__ import annotations

import logging
import re
import subprocess
import sys
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from pypdf import PdfReader

from exporters.document import Callout, Insight, KeyFigure, KeyFigures, Paragraph, ReportDocument
from exporters.figures import trend_chart
from exporters.formatting import Formatter
from exporters.pdf import BundledOnly, render_pdf, report_html
from exporters.sections import normalise_section
from tests.tools.pdf_pages import look
from tests.unit.exporters.samples import SECTIONS, TREND, cover, document

ROOT = Path(__file__).resolve().parents[3]


def report(language: str = "en") -> ReportDocument:
    formatter = Formatter("fr" if language == "fr" else "en")
    sections = [normalise_section(raw, formatter, position=n) for n, raw in enumerate(SECTIONS, start=1)]
    chart = trend_chart(TREND, formatter)
    assert chart is not None
    strip = KeyFigures(figures=(KeyFigure(label="Budget", value=Decimal(1_034_000), kind="money", tone="bad"),) * 4)
    insight = Insight(
        title="No float is left", text="It ends on May 14.", priority="critical", confidence=Decimal("0.9"),
        validation="pending", impact="Two locks.", actions=("Decide.",), tone="bad",
    )  # fmt: skip
    extra = (strip, chart, insight, Callout(title="Mind", text="the gap"))
    sections[2] = sections[2].model_copy(update={"blocks": (*sections[2].blocks, *extra)})
    return ReportDocument(id="r/2", language=formatter.language, cover=cover(), sections=tuple(sections))


@pytest.fixture(scope="module")
def english() -> bytes:
    return render_pdf(report())


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def structure(pdf: bytes) -> list[dict[str, Any]]:
    """Every structure element, in order."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict) and "/S" in node:
            found.append(node)
            walk(node.get("/K", []))

    reader: Any = PdfReader(BytesIO(pdf))
    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_the_figures_of_the_report_are_on_its_pages(english: bytes) -> None:
    text = text_of(english)
    for expected in ("$845,000", "$154,122.50", "$1,034,000", "-$86,200", "Dec 4, 2026", "R-09", "90%", "$987,654"):
        assert expected in text
    assert "The project is behind plan." in text
    assert "Le génie civil coûte plus cher." in text
    assert "October 2026" in text
    assert re.search(r"Page 2 of \d", text)


def test_a_french_report_speaks_french() -> None:
    text = text_of(render_pdf(report("fr"))).replace("\xa0", " ")
    for expected in (
        "Table des matières",
        "845 000 $",
        "octobre 2026",
        "Registre des risques",
        "En retard",
        "Page 2 sur",
    ):
        assert expected in text


def test_the_same_document_gives_the_same_bytes(english: bytes) -> None:
    assert render_pdf(report()) == english
    script = (
        "import sys; from tests.unit.exporters.test_pdf import report; from exporters.pdf import render_pdf;"
        "sys.stdout.buffer.write(render_pdf(report()))"
    )
    elsewhere = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    assert elsewhere.stdout == english


def test_a_reader_of_the_tags_is_told_language_title_headings_and_figures(english: bytes) -> None:
    reader: Any = PdfReader(BytesIO(english))
    assert reader.trailer["/Root"]["/Lang"] == "en-CA"
    assert reader.metadata is not None
    assert reader.metadata.title == "Monthly report"
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    elements = structure(english)
    levels = [int(str(element["/S"])[2:]) for element in elements if re.fullmatch(r"/H\d", str(element["/S"]))]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert len(figures) == 4
    assert all(len(str(figure.get("/Alt", ""))) > 40 for figure in figures)


def test_passages_in_the_other_language_are_marked(english: bytes) -> None:
    marked = [element for element in structure(english) if "/Lang" in element]
    assert [element["/Lang"] for element in marked] == ["fr-CA"] * len(marked)
    assert len(marked) == 2


def test_every_table_has_header_cells_with_a_scope(english: bytes) -> None:
    elements = structure(english)
    headers = [element for element in elements if element["/S"] == "/TH"]
    assert {str(header["/A"]["/Scope"]) for header in headers} == {"/Column", "/Row"}
    assert sum(element["/S"] == "/Table" for element in elements) >= 4


def test_bookmarks_and_contents_lead_to_the_sections(english: bytes) -> None:
    reader: Any = PdfReader(BytesIO(english))
    titles = [item["/Title"] for item in reader.outline if isinstance(item, dict)]
    assert [re.sub(r"^\d+\s+", "", title) for title in titles] == [
        raw.get("name", raw.get("title")) for raw in SECTIONS
    ]
    contents = reader.pages[1].extract_text()
    for title in ("Budget Status", "Recommendations"):
        assert re.search(rf"{title}.*\d", contents)
    targets = {str(link.get_object()["/A"]["/D"] if "/A" in link.get_object() else link.get_object()["/Dest"])
               for link in reader.pages[1]["/Annots"]}  # fmt: skip
    assert len(targets) == len(SECTIONS)


def test_only_bundled_fonts_are_embedded(english: bytes) -> None:
    with pdfplumber.open(BytesIO(english)) as pdf:
        names = {char["fontname"].partition("+")[2] for page in pdf.pages for char in page.chars}
    assert names
    assert all("Source-Sans" in name.replace(" ", "-") for name in names), names


def test_a_long_table_repeats_its_header_on_every_page() -> None:
    risks = SECTIONS[5]["content"]["risks"] * 8
    pages = PdfReader(BytesIO(render_pdf(document(*normalise_section({"risks": risks}, Formatter("en")).blocks)))).pages
    assert len(pages) > 6
    assert all("Likely" in page.extract_text() for page in pages[3:])


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_have_no_flaws(language: str, paper: str) -> None:
    pdf = render_pdf(report(language).model_copy(update={"paper": paper}))
    assert look(pdf) == []
    width = float(PdfReader(BytesIO(pdf)).pages[0].mediabox.width)
    assert width == pytest.approx(612 if paper == "letter" else 595.28, abs=0.1)


def test_what_is_wrong_with_a_page_is_found() -> None:
    html = """<style>@page { size: 300pt 300pt; margin: 20pt }</style>
    <p style='position: absolute; left: 250pt; white-space: nowrap'>far too long for this page</p>
    <p style='font-size: 6pt'>tiny</p><p style='height: 190pt'>a</p><h2 style='font-size: 15pt; margin: 0'>Orphan</h2>
    <p style='break-before: page'>b</p><p style='position: absolute; top: 40pt'>one</p>
    <p style='position: absolute; top: 42pt'>two</p><p style='break-before: page'>c</p>"""
    flaws = {finding.flaw for finding in look(import_module("weasyprint").HTML(string=html).write_pdf())}
    assert flaws >= {"text outside the page", "text under 8 pt", "heading left alone at the end", "overlapping text"}


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "http://127.0.0.1:1/", "data:text/plain,x", "ftp://h/x"),
        *("asset:../pdf.py", "asset:", "asset:/etc/passwd"),
    ],
)
def test_nothing_but_the_bundled_fonts_can_be_fetched(url: str) -> None:
    with pytest.raises(ValueError, match="may not fetch"):
        BundledOnly().fetch(url)
    assert BundledOnly().fetch("asset:source-sans-3-latin-400-normal").read()[:4] == b"\x00\x01\x00\x00"


def test_hostile_texts_neither_inject_nor_fetch(caplog: pytest.LogCaptureFixture) -> None:
    attack = (
        "<script>alert(1)</script> & <img src=file:///etc/passwd> <link rel=attachment href='file:///etc/passwd'>"
        "<a rel=attachment href='file:///etc/hosts'>x</a> {{ 7*7 }} {% raw %} </style><style>*{display:none}"
        "@import url(http://127.0.0.1/) =1+1 \x00\x07\ud800 😀 \u202eשלח مرحبا"
    )
    hostile = document(
        Paragraph(text=attack),
        Callout(title=attack, text=attack),
        *normalise_section(
            {"risks": [{"id": attack, "title": attack}] * 2, attack: {attack: attack}}, Formatter("en")
        ).blocks,
        cover=cover(title=attack, project=attack, organization=attack, status=attack, prepared_by=attack),
    )
    html = report_html(hostile)
    assert "<script>" not in html
    assert "<img" not in html
    assert "<link" not in html
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf = render_pdf(hostile)
    assert "Failed to load" not in caplog.text
    assert "may not fetch" not in caplog.text
    assert b"root:" not in pdf
    reader: Any = PdfReader(BytesIO(pdf))
    assert not reader.attachments
    text = text_of(pdf)
    assert "{{ 7*7 }}" in text
    assert "<script>alert(1)</script>" in text.replace("\n", "")


def test_a_word_of_ten_thousand_characters_stays_within_its_pages() -> None:
    blocks = normalise_section(
        {"content": "W" * 10_000, "risks": [{"id": "x" * 900, "title": "y" * 900}] * 2}, Formatter("en")
    ).blocks
    pdf = render_pdf(document(*blocks, cover=cover(title="T" * 3_000, project="P" * 500)))
    assert text_of(pdf).count("W") >= 10_000
    assert [finding for finding in look(pdf, first=2) if finding.flaw == "text outside the page"] == []
