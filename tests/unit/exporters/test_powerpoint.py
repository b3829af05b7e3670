from __future__ import annotations

import re
import shutil
import subprocess
import time
from decimal import Decimal
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from engines.text.numbers import find_numbers
from exporters.document import Bullets, Column, KeyFigure, KeyFigures, Paragraph, Section, Subheading, Table
from exporters.formatting import Formatter
from exporters.office_text import shortened, text_width, wrap
from exporters.powerpoint import render_powerpoint
from exporters.powerpoint_flow import plan_slides
from exporters.powerpoint_plan import HEIGHT, SlideTable
from tests.support.waiting import wait_until
from tests.unit.exporters.office_files import (
    HOSTILE,
    NAMES,
    assert_charts_are_the_documents,
    axis_ids,
    charts_of,
    hard_documents,
    parts,
    report,
    squeezed,
    texts,
    tree,
    wanted,
)
from tests.unit.exporters.samples import cover, document
from tests.unit.tasks.test_report_document import SAMPLES, build, sample

HARD = hard_documents()
A, P = f"{{{NAMES['a']}}}", f"{{{NAMES['p']}}}"


@pytest.fixture(scope="module")
def english() -> dict[str, bytes]:
    return parts(render_powerpoint(report()))


def slides(package: dict[str, bytes]) -> list[Any]:
    names = [name for name in package if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    return [tree(package[name]) for name in sorted(names, key=lambda name: int(re.sub(r"\D", "", name)))]


def spoken(package: dict[str, bytes]) -> list[str]:
    """Everything on slides and in notes."""
    found = [name for name in package if re.fullmatch(r"ppt/(slides|notesSlides)/\w+\.xml", name)]
    return [text for name in found for text in texts(package[name])]


def title_of(slide: Any) -> str:
    holders = slide.xpath(".//p:sp[p:nvSpPr/p:nvPr/p:ph[@type='title' or @type='ctrTitle']]", namespaces=NAMES)
    return "".join(one.text or "" for holder in holders for one in holder.iter(f"{A}t"))


def rows_of(slide: Any) -> list[list[str]]:
    return [
        ["".join(one.text or "" for one in cell.iter(f"{A}t")) for cell in row.iter(f"{A}tc")]
        for row in slide.iter(f"{A}tr")
    ]


@pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_everything_that_a_report_says_is_on_a_slide_or_in_its_notes(path: Path) -> None:
    source = build(sample(path), include_raw_data=True)
    text = squeezed(*spoken(parts(render_powerpoint(source))))
    for expected in wanted(source):
        assert squeezed(expected) in text, expected


@pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_no_number_comes_from_elsewhere(path: Path) -> None:
    source = build(sample(path))
    package = parts(render_powerpoint(source))
    known = {one for text in wanted(source) for one in find_numbers(text)}
    moment = source.cover.generated_at
    stated = (source.cover.version, source.cover.period.year, moment.day, moment.year)
    known |= {Decimal(one) for one in (*stated, *range(1, len(slides(package)) + 1))}  # the slides are numbered
    scale = [
        row for slide in slides(package) for row in rows_of(slide) if "\\" in "".join(row) or "\N{EN DASH}" in row[0]
    ]
    known |= {one for text in chain(*scale) for one in find_numbers(text)}
    assert {one for text in spoken(package) for one in find_numbers(text)} <= known


def test_slides_are_wide_and_numbered(english: dict[str, bytes]) -> None:
    size = tree(english["ppt/presentation.xml"]).find(f"{P}sldSz")
    assert size is not None
    assert int(size.get("cx", "")) * 9 == int(size.get("cy", "")) * 16
    for number, slide in enumerate(slides(english)[1:], start=2):
        [shown] = slide.xpath(".//a:fld[@type='slidenum']/a:t/text()", namespaces=NAMES)
        assert shown == str(number)


def test_every_slide_has_a_title_and_every_section_its_own(english: dict[str, bytes]) -> None:
    titles = [title_of(slide) for slide in slides(english)]
    assert titles[0] == "Monthly report"
    assert all(titles)
    assert [title for title in titles[1:] if "(continued)" not in title] == [one.title for one in report().sections]


def test_tables_are_native_with_figures_to_the_right_and_a_total(english: dict[str, bytes]) -> None:
    [slide] = [
        one for one in slides(english) if ["Category", "Planned", "Actual", "Forecast", "Variance"] in rows_of(one)
    ]
    rows = rows_of(slide)
    assert rows[-2] == ["Design", "$189,000", "$154,122.50", "$180,000", "$9,000"]
    assert rows[-1] == ["Total", "$1,034,000", "$665,986.50", "$1,111,200", "-$77,200"]
    aligned = slide.xpath("(.//a:tr)[last()]//a:pPr/@algn", namespaces=NAMES)
    assert aligned == ["l", "r", "r", "r", "r"]


def test_a_long_table_goes_on_under_the_same_header() -> None:
    source = HARD["200 rows"]
    tables = [rows for slide in slides(parts(render_powerpoint(source))) if (rows := rows_of(slide))]
    assert len(tables) > 5
    assert {tuple(rows[0][:2]) for rows in tables} == {("A", "B")}
    names = [row[0] for rows in tables for row in rows[1:]]
    assert names == [*(f"row {number}" for number in range(200)), "Total"]


def test_charts_are_native_and_hold_the_documents_series(english: dict[str, bytes]) -> None:
    assert_charts_are_the_documents(english, "ppt/charts", report())
    frames = [frame for slide in slides(english) for frame in slide.iter(f"{P}graphicFrame")]
    assert frames
    assert all(frame.xpath("string(p:nvGraphicFramePr/p:cNvPr/@descr)", namespaces=NAMES) for frame in frames)
    assert min(axis_ids(english)) > 0


def test_bars_have_no_negative_axis_ids() -> None:
    package = parts(render_powerpoint(build(sample(next((SAMPLES / "reports").glob("heron*.yaml"))))))
    assert b"<c:barChart>" in b"".join(package.values())
    assert min(axis_ids(package)) > 0


def test_what_a_chart_shows_is_in_the_speakers_notes(english: dict[str, bytes]) -> None:
    notes = squeezed(*(text for name in english if "notesSlides/notes" in name for text in texts(english[name])))
    chart = next(block for one in report().sections for block in one.blocks if block.type == "chart")
    assert squeezed(chart.alternative) in notes


def test_text_says_its_language(english: dict[str, bytes]) -> None:
    for name, part in english.items():
        if name.endswith(".xml") and not name.startswith("docProps"):
            assert set(tree(part).xpath("//@lang")) <= {"en-CA", "fr-CA"}, name
    french = [
        one
        for slide in slides(english)
        for one in slide.xpath(".//a:r[a:rPr/@lang='fr-CA']/a:t/text()", namespaces=NAMES)
    ]
    assert "Le projet est en retard." in french
    other = parts(render_powerpoint(report("fr")))
    assert "845\xa0000\xa0$" in spoken(other)
    assert any("(suite)" in title_of(slide) for slide in slides(other))
    assert b'lang="en-US"' not in b"".join(other.values())


def test_the_file_says_what_it_is_and_nothing_of_its_template(english: dict[str, bytes]) -> None:
    properties = etree.tostring(tree(english["docProps/core.xml"]), encoding="unicode")
    for expected in (">Monthly report<", ">Owen Fairlamb<", ">en-CA<", ">2026-11-06T14:30:00Z<"):
        assert expected in properties
    whole = b"".join(english.values()).lower()
    for alien in (b"python-pptx", b"macintosh", b"canny"):
        assert alien not in whole
    assert not [name for name in english if "thumbnail" in name or "printerSettings" in name]
    assert len([name for name in english if re.fullmatch(r"ppt/slideLayouts/[^/]*\.xml", name)]) == 3


def test_the_theme_has_the_organizations_colours() -> None:
    package = parts(render_powerpoint(document(theme={"primary": "#abcdef", "accent": "#123456"})))
    theme = tree(package["ppt/theme/theme1.xml"])
    assert theme.xpath("//a:accent1/a:srgbClr/@val | //a:accent2/a:srgbClr/@val", namespaces=NAMES) == [
        "ABCDEF",
        "123456",
    ]


def test_the_same_document_gives_the_same_bytes() -> None:
    first, second = render_powerpoint(report()), int(time.time())
    wait_until(lambda: int(time.time()) > second, "the clock shows another second", seconds=5)
    assert render_powerpoint(report()) == first


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    table = Table(title=text, columns=(Column(key="a", title=text),), rows=((text,),))
    figures = KeyFigures(figures=(KeyFigure(label=text, value=text, note=text),), title=text)
    blocks = (Paragraph(text=text), Subheading(text=text), table, figures)
    package = parts(render_powerpoint(document(*blocks, cover=cover(title=text, project=text, organization=text))))
    assert squeezed(*spoken(package)).count(squeezed(text)) >= 10
    assert not [one for slide in slides(package) for one in slide.iter() if etree.QName(one).localname == "script"]
    modes = {one.get("TargetMode") for name, part in package.items() if name.endswith(".rels") for one in tree(part)}
    assert modes == {None}


@pytest.mark.parametrize("name", HARD)
def test_hard_documents_come_out_whole(name: str) -> None:
    source = HARD[name]
    package = parts(render_powerpoint(source))
    text = squeezed(*spoken(package))
    for expected in wanted(source):
        if len(expected) < 500:
            assert squeezed(expected) in text, expected
    assert text.count("x") >= sum(expected.count("x") for expected in wanted(source))
    for part in package:
        if part.endswith((".xml", ".rels")):
            tree(package[part])


@pytest.mark.parametrize("name", HARD)
def test_nothing_runs_over_the_edge_of_a_slide(name: str) -> None:
    assert_within_slides(parts(render_powerpoint(HARD[name])))
    for slide in plan_slides(HARD[name], Formatter("en")):
        table = slide.content.height() if isinstance(slide.content, SlideTable) else 0
        assert sum(line.height() for line in slide.lines) + table <= HEIGHT


def test_nothing_of_the_samples_runs_over_the_edge_of_a_slide() -> None:
    for path in (SAMPLES / "reports").glob("*.yaml"):
        assert_within_slides(parts(render_powerpoint(build(sample(path), include_raw_data=True))))


def assert_within_slides(package: dict[str, bytes]) -> None:
    size = tree(package["ppt/presentation.xml"]).find(f"{P}sldSz")
    assert size is not None
    wide, high = int(size.get("cx", "")), int(size.get("cy", ""))
    for slide in slides(package):
        for place in slide.xpath(".//p:sp/p:spPr/a:xfrm | .//p:graphicFrame/p:xfrm", namespaces=NAMES):
            x, y = (int(place.find(f"{A}off").get(one)) for one in ("x", "y"))
            width, height = (int(place.find(f"{A}ext").get(one)) for one in ("cx", "cy"))
            assert min(x, y, width, height) >= 0
            assert x + width <= wide
            assert y + height <= high * 0.93
        ids = slide.xpath(".//p:cNvPr/@id", namespaces=NAMES)
        assert len(ids) == len(set(ids))


def test_long_text_goes_on_on_the_next_slide_word_for_word() -> None:
    words = " ".join(f"word{number}" for number in range(2000))
    source = document(Paragraph(text=words))
    found = slides(parts(render_powerpoint(source)))[1:]
    assert len(found) > 2
    bodies = [slide.xpath(".//p:sp[p:nvSpPr/p:nvPr/p:ph[@idx='1']]//a:t/text()", namespaces=NAMES) for slide in found]
    assert "".join(chain(*bodies)).split() == words.split()


def test_a_heading_never_ends_a_slide() -> None:
    blocks = [block for n in range(30) for block in (Subheading(text=f"H{n}"), Paragraph(text="Some words. " * 40))]
    for slide in plan_slides(document(*blocks), Formatter("en")):
        assert not slide.lines[-1].text.startswith("H")


def test_numbered_points_keep_their_numbers_across_slides() -> None:
    items = tuple({"text": f"Point {number}"} for number in range(1, 60))
    source = document(Bullets.model_validate({"items": items, "ordered": True}))
    starts = [
        int(one)
        for slide in slides(parts(render_powerpoint(source)))
        for one in slide.xpath(".//a:buAutoNum/@startAt", namespaces=NAMES)
    ]
    assert starts == list(range(1, 60))


def test_python_pptx_reads_it_back() -> None:
    read = pptx.Presentation(BytesIO(render_powerpoint(report())))
    assert read.core_properties.title == "Monthly report"
    charts = [shape for slide in read.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == len(charts_of(report()))


def test_many_sections_fit_into_one_presentation() -> None:
    sections = tuple(Section(id=str(n), title=f"S{n}", blocks=report().sections[2].blocks) for n in range(12))
    package = parts(render_powerpoint(document().model_copy(update={"sections": sections})))
    assert len([name for name in package if name.startswith("ppt/charts/chart")]) == 12


@pytest.mark.parametrize("limit", range(3, 30))
def test_no_number_is_cut_short(limit: int) -> None:
    text = "It cost 1234567 in 2026, or 1\xa0234\xa0567 dollars."
    short = shortened(text, limit)
    assert len(short) <= limit
    assert {*find_numbers(short)} <= {*find_numbers(text)}


@settings(max_examples=60)
@given(st.text(), st.floats(20, 900), st.floats(6, 40))
def test_wrapped_lines_are_the_text(text: str, width: float, size: float) -> None:
    lines = wrap(text, width, size)
    assert "".join(lines) == text
    assert all(len(line) == 1 or text_width(line.rstrip(), size) <= width or " " not in line.strip() for line in lines)


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice is missing (Debian: libreoffice-impress)")
@pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_another_program_draws_every_slide(path: Path, tmp_path: Path) -> None:
    file = render_powerpoint(build(sample(path)))
    (tmp_path / "report.pptx").write_bytes(file)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "report.pptx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=110)
    pages = [squeezed(page.extract_text()) for page in PdfReader(tmp_path / "report.pdf").pages]
    titles = [squeezed(title_of(slide)) for slide in slides(parts(file))]
    assert len(pages) == len(titles)
    for page, title in zip(pages, titles, strict=True):
        assert title in page
