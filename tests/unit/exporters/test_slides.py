from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from exporters.document import (
    Block,
    BulletItem,
    Bullets,
    Callout,
    Column,
    Insight,
    KeyFigure,
    KeyFigures,
    Paragraph,
    ReportDocument,
    Section,
    Subheading,
    Table,
    Timeline,
)
from exporters.formatting import Formatter
from exporters.pdf_tables import lay_out
from exporters.registry import EXPORTERS
from exporters.renderer import RenderServer
from exporters.sections import normalise_section
from exporters.slides import render_slides
from exporters.slides_blocks import HEIGHT, flow_of
from exporters.slides_plan import plan
from exporters.slides_text import count_lines, shortened, text_width
from tests.unit.exporters.samples import SECTIONS, cover, document
from tests.unit.exporters.test_pdf import report
from tests.unit.tasks.test_report_document import SAMPLES, build, sample

ROOT = Path(__file__).resolve().parents[3]
REPORTS = sorted((SAMPLES / "reports").glob("*.yaml"))


def read(file: bytes) -> Any:
    return html.document_fromstring(file.decode())


def text_of(file: bytes) -> str:
    return " ".join(read(file).find("body").text_content().split())


@pytest.fixture(scope="module")
def english() -> bytes:
    return render_slides(report())


@pytest.fixture(scope="module")
def rich() -> ReportDocument:
    return build(sample(SAMPLES / "reports" / "heron-reach-locks-2026-10.yaml"), include_raw_data=True)


def expected_texts(whole: ReportDocument) -> set[str]:
    """Every figure, date and text of a document as it is read."""
    formatter = Formatter(whole.language, whole.currency)
    found: set[str] = set()
    for section in whole.sections:
        found.add(section.title)
        for block in section.blocks:
            if isinstance(block, Table):
                layout = lay_out(block, formatter)
                found |= {cell.text for row in layout.rows for cell in (*row.cells, *row.details)}
                found |= {cell.text for cell in layout.total.cells} if layout.total else set()
            elif isinstance(block, KeyFigures):
                found |= {formatter.value(one.value, one.kind) for one in block.figures}
                found |= {one.label for one in block.figures} | {one.note or "" for one in block.figures}
            elif isinstance(block, Insight):
                found |= {block.title, block.text, block.impact or "", *block.actions}
            elif isinstance(block, Paragraph):
                found.add(block.text)
            elif isinstance(block, Bullets):
                found |= {item.text for item in block.items}
            elif block.type == "chart":
                found |= {block.title, block.finding, block.alternative}
    return {" ".join(text.split()) for text in found if text}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_every_figure_and_text_of_the_sample_reports_is_in_the_deck(path: Path, language: str) -> None:
    whole = build(sample(path), include_raw_data=True, language=language)
    text = text_of(render_slides(whole))
    missing = {one for one in expected_texts(whole) if one not in text}
    assert missing == set()


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_no_slide_is_fuller_than_it_is_high(path: Path) -> None:
    whole = build(sample(path), include_raw_data=True)
    formatter = Formatter(whole.language, whole.currency)
    deck = plan(whole.sections, formatter)
    for section in whole.sections:
        slides = [slide for slide in deck.slides if slide.title == section.title]
        flows = [flow_of(block, formatter) for block in section.blocks]
        assert sum(flow.height for flow in flows) <= HEIGHT * (len(slides) + 0.5)
        assert [slide.part for slide in slides] == list(range(1, len(slides) + 1))
        assert {slide.parts for slide in slides} == {len(slides)}


def test_the_file_asks_for_nothing_from_outside(english: bytes) -> None:
    tree = read(english)
    assert not tree.xpath("//link | //img | //iframe | //object | //embed | //form | //base | //video | //audio")
    assert not tree.xpath("//@src | //@srcset | //@action | //@background | //@data | //@*[starts-with(name(), 'on')]")
    assert all(address.startswith("#slide-") for address in tree.xpath("//@href"))
    style = tree.findtext(".//style")
    assert style.count("url(") == style.count("url(data:font/woff2;base64,")
    assert "@import" not in style
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", english.decode()))
    assert addresses == {"http://www.w3.org/2000/svg"}
    script = tree.findtext(".//script")
    assert not re.search(r"fetch|XMLHttp|WebSocket|import\s*\(|localStorage|cookie|innerHTML|eval", script)


def test_the_policy_allows_the_files_own_style_and_script_and_nothing_else(english: bytes) -> None:
    tree = read(english)
    [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["font-src"] == "data:"
    for name, rule in (("style", "style-src"), ("script", "script-src")):
        [content] = re.findall(f"<{name}>(.*?)</{name}>", english.decode(), re.DOTALL)
        assert rules[rule] == f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
    assert "unsafe" not in policy
    assert not tree.xpath("//@style"), "the policy forbids style attributes"


def test_the_same_document_gives_the_same_bytes(english: bytes) -> None:
    assert render_slides(report()) == english
    script = (
        "import sys; from tests.unit.exporters.test_pdf import report; from exporters.slides import render_slides;"
        "sys.stdout.buffer.write(render_slides(report()))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}, capture_output=True,
        check=True,
    )  # fmt: skip
    assert elsewhere.stdout == english


def test_the_render_server_writes_the_same_file(english: bytes) -> None:
    with RenderServer({"slides": EXPORTERS["slides"]}) as server:
        assert server.render("slides", report()) == english


def test_the_deck_is_read_in_order_without_its_script(english: bytes) -> None:
    tree = read(english)
    sheets = tree.find_class("sheet")
    assert [sheet.get("id") for sheet in sheets] == [f"slide-{number}" for number in range(1, len(sheets) + 1)]
    assert not tree.xpath("//main//*[@hidden]")
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4", "h5")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    for section in tree.xpath("//section"):
        assert tree.get_element_by_id(section.get("aria-labelledby")).text_content().strip()
    numbers = [number.text_content() for number in tree.find_class("number") if number.tag == "span"]
    assert numbers == [f"Slide {number} of {len(sheets)}" for number in range(2, len(sheets) + 1)]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_no_heading_skips_a_level_whatever_the_report_does() -> None:
    blocks = (Subheading(text="deep", level=3), Subheading(text="high"), Subheading(text="deep again", level=3))
    headings = read(render_slides(document(*blocks))).xpath("//main//section[last()]//*[@class='subheading']")
    assert [(heading.tag, heading.text) for heading in headings] == [
        ("h3", "deep"), ("h3", "high"), ("h4", "deep again")
    ]  # fmt: skip


def test_the_contents_lead_to_the_first_slide_of_each_section(english: bytes) -> None:
    tree = read(english)
    for link in tree.xpath("//ul[@class='contents']//a"):
        target = tree.get_element_by_id(link.get("href").removeprefix("#"))
        assert target.xpath(".//h2")[0].text_content() == link.text_content()
        assert not target.find_class("part") or target.find_class("part")[0].text_content().startswith("1 of")


def test_charts_have_a_text_that_stands_in_for_them(english: bytes) -> None:
    drawings = read(english).xpath("//*[local-name()='svg']")
    assert len(drawings) >= 4
    for drawing in drawings:
        assert drawing.get("role") == "img"
        assert len(drawing.findtext("title")) > 40


def test_tables_have_header_cells_with_a_scope(english: bytes) -> None:
    tree = read(english)
    assert {header.get("scope") for header in tree.iter("th")} == {"col", "row", "colgroup"}
    assert all(table.find("caption") is not None for table in tree.iter("table"))


def test_what_does_not_fit_a_row_is_in_the_notes_of_its_slide(english: bytes) -> None:
    tree = read(english)
    [sheet] = [sheet for sheet in tree.find_class("sheet") if "R-04" in sheet.xpath("string(.//tbody)")]
    [notes] = sheet.find_class("notes")
    assert "Owen Fairlamb" in notes.text_content()
    assert "unit prices agreed beforehand" in notes.text_content()
    assert "In the notes:" in sheet.find_class("hint")[0].text_content()
    assert notes.get("aria-label") == "Speaker notes"


def test_a_french_deck_speaks_french_and_marks_what_is_english() -> None:
    file = render_slides(report("fr"))
    tree = read(file)
    text = text_of(file).replace("\xa0", " ")
    for expected in ("Table des matières", "845 000 $", "octobre 2026", "Registre des risques", "En retard",
                     "Diapositive 2 sur", "Notes de présentation", "Plein écran", "Dans les notes : "):  # fmt: skip
        assert expected in text
    assert tree.get("lang") == "fr-CA"


def test_passages_in_the_other_language_are_marked(english: bytes) -> None:
    tree = read(english)
    assert tree.get("lang") == "en-CA"
    french = [element.text_content() for element in tree.xpath("//main//*[@lang='fr-CA']")]
    assert any("Le projet est en retard." in text for text in french)
    assert any("Le génie civil coûte plus cher." in text for text in french)


ATTACK = (
    "<script>alert(1)</script> & <img src=x onerror=alert(1)> </style><style>*{display:none} </title></svg></script>"
    "<a href='javascript:alert(1)'>x</a> {{ 7*7 }} {% raw %} \" ' `${1}` ]]> <!-- =1+1 \x00\x07\ud800 😀 \u202eשלח"
)


def test_hostile_texts_stay_texts() -> None:
    table = Table(
        title=ATTACK,
        columns=(Column(key="a", title=ATTACK), Column(key="b", title=ATTACK, kind="status", language="fr")),
        rows=((ATTACK, ATTACK),) * 3,
    )
    hostile = document(
        Paragraph(text=ATTACK),
        Subheading(text=ATTACK),
        Bullets(items=(BulletItem(text=ATTACK),), ordered=True),
        KeyFigures(figures=(KeyFigure(label=ATTACK, value=ATTACK, note=ATTACK),)),
        KeyFigures(figures=(KeyFigure(label=ATTACK, value=ATTACK),), style="list", title=ATTACK),
        table,
        Callout(title=ATTACK, text=ATTACK),
        Insight(title=ATTACK, text=ATTACK, category=ATTACK, sort=ATTACK, priority=ATTACK, actions=(ATTACK,)),
        *normalise_section({"risks": [{"id": ATTACK, "title": ATTACK}] * 2, ATTACK: ATTACK}, Formatter("en")).blocks,
        *normalise_section(SECTIONS[4] | {ATTACK: ATTACK}, Formatter("en")).blocks,
        cover=cover(title=ATTACK, project=ATTACK, organization=ATTACK, status=ATTACK, prepared_by=ATTACK,
                    confidentiality=ATTACK),
    )  # fmt: skip
    file = render_slides(hostile)
    tree = read(file)
    plain = read(render_slides(document()))
    assert len(tree.xpath("//script")) == len(tree.xpath("//style")) == 1
    assert tree.findtext(".//script") == plain.findtext(".//script")
    assert not tree.xpath("//img | //@onerror | //@*[contains(., 'javascript:') and name() = 'href']")
    assert "<script>alert(1)</script>" in text_of(file)
    assert "{{ 7*7 }}" in text_of(file)
    assert "display:none}" not in tree.findtext(".//style")


def test_hard_documents_come_out_whole() -> None:
    word = "W" * 10_000
    rows = tuple((f"row {number}", number, "text " * 200 + f"end {number}") for number in range(300))
    columns = (
        Column(key="a", title="A"), Column(key="b", title="B", kind="integer"), Column(key="c", title="C", prose=True),
    )  # fmt: skip
    blocks = (
        Paragraph(text=word),
        Paragraph(text="A sentence of some length that ends here. " * 400),
        Bullets(items=tuple(BulletItem(text=f"point {n} " + "x" * (n * 20), level=n % 9) for n in range(120))),
        Bullets(items=()),
        KeyFigures(figures=()),
        KeyFigures(figures=tuple(KeyFigure(label=f"f{n} " * n, value="v" * n) for n in range(60))),
        KeyFigures(figures=tuple(KeyFigure(label=f"g{n} " * n, value="v" * n) for n in range(60)), style="list"),
        Table(title="Long", columns=columns, rows=rows),
        Table(title="Empty", columns=columns, rows=()),
        Table(title="Total only", columns=columns, rows=(), total=("all", 1, None)),
        Callout(title="T" * 500, text=word),
        Insight(title="I" * 500, text=word, impact=word, actions=(word, "short") * 5),
    )
    file = render_slides(document(*blocks, cover=cover(title="T" * 3_000, project="P" * 500)))
    text = text_of(file).replace(" ", "")
    assert text.count("W") >= 10_000 * 8
    for number in range(300):
        assert f"row{number}" in text
        assert f"end{number}" in text
    assert "T" * 3_000 in text
    assert "P" * 500 in text
    assert "I" * 500 in text
    tree = read(file)
    assert len(tree.find_class("sheet")) > 60
    assert len(tree.xpath("//table[.//tbody/tr]")) > 15
    assert all(len(body) < 30 for body in tree.iter("tbody"))


def test_many_sections_have_contents_on_several_slides_and_an_empty_one_has_a_slide() -> None:
    sections = tuple(Section(id=str(number), title=f"Section {number}") for number in range(80))
    tree = read(render_slides(document().model_copy(update={"sections": sections})))
    assert len(tree.find_class("contents")) == 3
    assert len(tree.xpath("//ul[@class='contents']//a")) == 80
    assert len(tree.find_class("sheet")) == 1 + 3 + 80
    assert len(read(render_slides(document().model_copy(update={"sections": ()}))).find_class("sheet")) == 1


def test_a_long_timeline_goes_on_with_its_legend() -> None:
    milestones = [{"name": f"Milestone {n}", "planned": date(2026, 1 + n % 12, 1)} for n in range(30)]
    chart = Timeline.model_validate({"title": "T", "finding": "F", "alternative": "A", "milestones": milestones})
    tree = read(render_slides(document(chart)))
    drawings = tree.xpath("//*[local-name()='svg']")
    assert len(drawings) == 2
    words = " ".join(drawing.text_content() for drawing in drawings)
    assert all(f"Milestone {number}" in words for number in range(30))


def test_fonts_for_rarer_letters_come_only_where_they_are_needed() -> None:
    plain, polish = render_slides(document()), render_slides(document(Paragraph(text="Łódź")))
    assert b'Source Sans 3 Ext"; src' not in plain
    assert polish.count(b'Source Sans 3 Ext"; src') == 3
    assert len(plain) < 120_000


def test_texts_are_measured_by_the_fonts() -> None:
    assert text_width("0000") == pytest.approx(4 * 0.497)
    assert text_width("i") < text_width("W")
    assert count_lines("", 10) == 1
    assert count_lines("one two three", 100) == 1
    assert count_lines("a\nb\n\nc", 100) == 4
    assert count_lines("W" * 1000, 10) == pytest.approx(79, abs=2)
    assert shortened("short", 10, 1) == "short"
    assert shortened("word " * 100, 10, 2).endswith("…")
    assert count_lines(shortened("word " * 100, 10, 2), 10) == 2


@given(st.text(max_size=3000), st.floats(2, 80), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_what_is_shortened_fits(text: str, width: float, lines: int) -> None:
    short = shortened(text, width, lines)
    assert count_lines(short, width) <= lines or len(short) <= lines + 1


@given(st.lists(st.sampled_from(["p", "P", "h", "t", "T", "k", "i", "b"]), max_size=10))
@settings(max_examples=25, deadline=None)
def test_slides_never_run_over_and_nothing_is_lost(order: list[str]) -> None:
    columns = (Column(key="a", title="A"), Column(key="b", title="B", kind="money"))
    makers: dict[str, Callable[[int], Block]] = {
        "p": lambda n: Paragraph(text=f"mark{n}. A short paragraph."),
        "P": lambda n: Paragraph(text=f"mark{n}. " + "A long paragraph of many sentences. " * 120),
        "h": lambda n: Subheading(text=f"mark{n}."),
        "t": lambda n: Table(title=f"mark{n}.", columns=columns, rows=((f"x{n}", Decimal(1)),) * 3),
        "T": lambda n: Table(title=f"mark{n}.", columns=columns, rows=((f"x{n}", Decimal(1)),) * 70),
        "k": lambda n: KeyFigures(figures=(KeyFigure(label=f"mark{n}.", value=n),) * 8),
        "i": lambda n: Insight(title=f"mark{n}.", text="Something was seen. " * 20, actions=("Act.",) * 4),
        "b": lambda n: Bullets(items=(BulletItem(text=f"mark{n}. A point"),) * 30),
    }
    blocks = tuple(makers[kind](number) for number, kind in enumerate(order))
    sections = (Section(id="s", title="S", blocks=blocks),)
    formatter = Formatter("en")
    deck = plan(sections, formatter)
    text = text_of(render_slides(document().model_copy(update={"sections": sections})))
    assert [int(found) for found in dict.fromkeys(re.findall(r"mark(\d+)\.", text))] == list(range(len(order)))
    rows = sum(len(part.content.rows) for slide in deck.slides for part in slide.content if part.macro == "table")
    assert rows == 3 * order.count("t") + 70 * order.count("T")
    assert all(not slide.content or slide.content[-1].macro != "subheading" for slide in deck.slides[:-1])


def test_a_report_of_another_currency_and_a_new_id_changes_the_bytes(rich: ReportDocument) -> None:
    other = rich.model_copy(update={"currency": "USD"})
    assert b"US$" in render_slides(other)
    assert render_slides(other) != render_slides(rich)
