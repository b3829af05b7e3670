from __future__ import annotations

import shutil
import subprocess
import time
from decimal import Decimal
from io import BytesIO
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import etree
from pypdf import PdfReader

from engines.text.numbers import find_numbers
from exporters.document import (
    Bullets,
    Column,
    KeyFigure,
    KeyFigures,
    Milestone,
    Paragraph,
    ReportDocument,
    Section,
    Subheading,
    Table,
    Timeline,
)
from exporters.word import render_word
from tests.support.waiting import wait_until
from tests.unit.exporters.office_files import (
    HOSTILE,
    NAMES,
    assert_charts_are_the_documents,
    axis_ids,
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
W = f"{{{NAMES['w']}}}"
BODY = "word/document.xml"


@pytest.fixture(scope="module")
def english() -> dict[str, bytes]:
    return parts(render_word(report()))


def body(package: dict[str, bytes]) -> Any:
    return tree(package[BODY])


def said(package: dict[str, bytes]) -> str:
    return squeezed(*texts(package[BODY]))


def styled(root: Any) -> list[tuple[str, str]]:
    """The style and text of every paragraph that has a style."""
    found = []
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None:
            found.append((style.get(f"{W}val", ""), "".join(one.text or "" for one in paragraph.iter(f"{W}t"))))
    return found


def rows_of(table: Any) -> list[list[str]]:
    return [
        ["".join(one.text or "" for one in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
        for row in table.iter(f"{W}tr")
    ]


def table_with(root: Any, text: str) -> Any:
    return next(table for table in root.iter(f"{W}tbl") if any(text in row for row in rows_of(table)))


@pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_everything_that_a_report_says_is_in_its_file_and_no_other_number(path: Path) -> None:
    source = build(sample(path), include_raw_data=True)
    package = parts(render_word(source))
    text = said(package)
    for expected in wanted(source):
        assert squeezed(expected) in text, expected
    numbers = {one for text in wanted(source) for one in find_numbers(text)}
    numbers |= {one for row in matrix_scale(package) for one in find_numbers(row)}
    numbers |= {one for text in cover_texts(source) for one in find_numbers(text)}
    assert {one for text in texts(package[BODY]) for one in find_numbers(text)} <= numbers


def matrix_scale(package: dict[str, bytes]) -> list[str]:
    """The fifths of probability and the bands of cost, which the matrix of risks is drawn on."""
    grids = [rows_of(table) for table in body(package).iter(f"{W}tbl")]
    scales = [[*grid[0], *(row[0] for row in grid[1:])] for grid in grids if grid[0] and "\\" in grid[0][0]]
    assert all(
        [row.partition("\N{EN DASH}")[0] for row in scale[-5:]] == ["80", "60", "40", "20", "0"] for scale in scales
    )
    return [text for scale in scales for text in scale]


def cover_texts(source: ReportDocument) -> list[str]:
    cover = source.cover
    return [str(cover.version), str(cover.period.year), str(cover.generated_at.day), str(cover.generated_at.year)]


def test_headings_are_real_and_no_level_is_left_out(english: dict[str, bytes]) -> None:
    headings = [(style, text) for style, text in styled(body(english)) if style.startswith("Heading")]
    assert ("Heading1", "Executive Summary") in headings
    assert ("Heading2", "No float is left") in headings
    assert ("Heading3", "Below") in headings
    levels = [int(style[-1]) for style, _ in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_contents_lead_to_the_headings(english: dict[str, bytes]) -> None:
    root = body(english)
    marks = {one.get(f"{W}name") for one in root.iter(f"{W}bookmarkStart")}
    links = [one.get(f"{W}anchor") for one in root.iter(f"{W}hyperlink")]
    assert links
    assert set(links) <= marks
    assert [text for style, text in styled(root) if style == "TOC1"] == [section.title for section in report().sections]
    kinds = [one.get(f"{W}fldCharType") for one in root.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"]


def test_tables_are_native_with_a_repeated_header_figures_to_the_right_and_a_total(english: dict[str, bytes]) -> None:
    table = table_with(body(english), "Civil works")
    rows = rows_of(table)
    assert rows[0] == ["Category", "Planned", "Actual", "Forecast", "Variance"]
    assert rows[2] == ["Design", "$189,000", "$154,122.50", "$180,000", "$9,000"]
    assert rows[3] == ["Total", "$1,034,000", "$665,986.50", "$1,111,200", "-$77,200"]
    native = list(table.iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in native] == [True, False, False, False]
    aligned = [cell.xpath("string(.//w:jc/@w:val)", namespaces=NAMES) for cell in native[1].iter(f"{W}tc")]
    assert aligned == ["", "right", "right", "right", "right"]


def test_charts_are_native_and_hold_the_documents_series(english: dict[str, bytes]) -> None:
    assert_charts_are_the_documents(english, "word/charts", report())
    named = body(english).xpath("//wp:docPr", namespaces=NAMES)
    assert all(one.get("descr") for one in named)
    assert len({one.get("id") for one in named}) == len(named)
    assert axis_ids(english)
    assert min(axis_ids(english)) > 0


def test_text_says_its_language(english: dict[str, bytes]) -> None:
    styles = tree(english["word/styles.xml"])
    assert styles.xpath("string(//w:docDefaults//w:lang/@w:val)", namespaces=NAMES) == "en-CA"
    foreign = [
        "".join(run.itertext())
        for run in body(english).iter(f"{W}r")
        if run.xpath("string(w:rPr/w:lang/@w:val)", namespaces=NAMES) == "fr-CA"
    ]
    assert "Le projet est en retard." in foreign
    assert "Le génie civil coûte plus cher." in foreign
    french = parts(render_word(report("fr")))
    assert b'w:val="fr-CA"' in french["word/styles.xml"]
    assert "845\xa0000\xa0$" in "".join(texts(french[BODY]))
    assert "Page" in "".join(texts(french["word/footer1.xml"]))
    assert " sur " in "".join(texts(french["word/footer1.xml"]))


def test_every_page_but_the_cover_has_a_head_and_its_number(english: dict[str, bytes]) -> None:
    root = body(english)
    assert root.find(f".//{W}sectPr/{W}titlePg") is not None
    codes = [one.text for one in tree(english["word/footer1.xml"]).iter(f"{W}instrText")]
    assert codes == [" PAGE ", " NUMPAGES "]
    assert "Heron Reach Locks" in "".join(texts(english["word/header1.xml"]))


@pytest.mark.parametrize(("paper", "size"), [("letter", ("12240", "15840")), ("a4", ("11906", "16838"))])
def test_the_paper_is_the_documents(paper: str, size: tuple[str, str]) -> None:
    root = body(parts(render_word(document(paper=paper))))
    page = root.find(f".//{W}sectPr/{W}pgSz")
    assert page is not None
    assert (page.get(f"{W}w"), page.get(f"{W}h")) == size


def test_the_file_says_what_it_is_and_nothing_of_its_template(english: dict[str, bytes]) -> None:
    properties = etree.tostring(tree(english["docProps/core.xml"]), encoding="unicode")
    for expected in (">Monthly report<", ">Owen Fairlamb<", ">en-CA<", ">2026-11-06T14:30:00Z<"):
        assert expected in properties
    whole = b"".join(english.values()).lower()
    for alien in (b"python-docx", b"macintosh", b"en-us"):
        assert alien not in whole
    assert not [name for name in english if "stylesWithEffects" in name or "thumbnail" in name or "customXml" in name]


def test_the_theme_has_the_organizations_colours() -> None:
    package = parts(render_word(document(theme={"primary": "#abcdef", "accent": "#123456"})))
    theme = tree(package["word/theme/theme1.xml"])
    assert theme.xpath("//a:accent1/a:srgbClr/@val | //a:accent2/a:srgbClr/@val", namespaces=NAMES) == [
        "ABCDEF",
        "123456",
    ]
    heading = next(
        one for one in tree(package["word/styles.xml"]).iter(f"{W}style") if one.get(f"{W}styleId") == "Heading1"
    )
    assert heading.xpath("string(.//w:color/@w:val)", namespaces=NAMES) == "ABCDEF"


def test_every_style_that_is_named_is_defined(english: dict[str, bytes]) -> None:
    defined = {one.get(f"{W}styleId") for one in tree(english["word/styles.xml"]).iter(f"{W}style")}
    for name in (BODY, "word/header1.xml", "word/footer1.xml", "word/numbering.xml", "word/styles.xml"):
        tags = (f"{W}pStyle", f"{W}tblStyle", f"{W}rStyle", f"{W}basedOn")
        assert {one.get(f"{W}val") for one in tree(english[name]).iter(*tags)} <= defined, name


def test_lists_are_lists_and_each_numbered_one_begins_with_one() -> None:
    items = ({"text": "a"}, {"text": "b", "level": 1}, {"text": "c"})
    lists = [Bullets.model_validate({"items": items, "ordered": ordered}) for ordered in (True, True, False)]
    package = parts(render_word(document(*lists)))
    styles = [style for style, _ in styled(body(package)) if style.startswith("List")]
    assert styles == [*["ListNumber", "ListNumber2", "ListNumber"] * 2, "ListBullet", "ListBullet2", "ListBullet"]
    used = [one.get(f"{W}val") for one in body(package).iter(f"{W}numId")]
    assert used[0] == used[2]
    assert len(set(used)) == 4
    restarted = {one.get(f"{W}numId"): one for one in tree(package["word/numbering.xml"]).iter(f"{W}num")}
    assert all(restarted[str(one)].find(f"{W}lvlOverride/{W}startOverride") is not None for one in used)


def test_milestones_are_a_table_unless_the_section_has_one() -> None:
    described = {"title": "Milestones", "finding": "One is late.", "alternative": "Dates of 1 milestone. One is late."}
    milestone = Milestone.model_validate({"name": "Gate hung", "planned": "2026-10-16", "expected": "2026-12-04"})
    chart = Timeline.model_validate({**described, "milestones": (milestone,)})
    columns = (
        Column(key="n", title="Name"),
        Column(key="p", title="P", kind="date"),
        Column(key="e", title="E", kind="date"),
    )
    own = Table.model_validate(
        {"title": "Own", "columns": columns, "rows": (("Gate hung", "2026-10-16", "2026-12-04"),)}
    )
    alone, beside = (body(parts(render_word(document(*blocks)))) for blocks in ((chart,), (chart, own)))
    assert ["Gate hung", "Oct 16, 2026", "Dec 4, 2026", "\N{EN DASH}"] in rows_of(table_with(alone, "Gate hung"))
    assert len([table for table in beside.iter(f"{W}tbl") if "Gate hung" in chain(*rows_of(table))]) == 1
    assert "Dates of 1 milestone. One is late." in [text for _, text in all_paragraphs(beside)]


def all_paragraphs(root: Any) -> list[tuple[None, str]]:
    return [(None, "".join(one.text or "" for one in paragraph.iter(f"{W}t"))) for paragraph in root.iter(f"{W}p")]


def test_the_same_document_gives_the_same_bytes() -> None:
    first, second = render_word(report()), int(time.time())
    wait_until(lambda: int(time.time()) > second, "the clock shows another second", seconds=5)
    assert render_word(report()) == first


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    table = Table(title=text, columns=(Column(key="a", title=text),), rows=((text,),))
    figures = KeyFigures(figures=(KeyFigure(label=text, value=text, note=text),), title=text)
    blocks = (Paragraph(text=text), Subheading(text=text), table, figures)
    source = document(*blocks, cover=cover(title=text, project=text, organization=text, prepared_by=text))
    package = parts(render_word(source))
    assert said(package).count(squeezed(text)) >= 10
    tags = {etree.QName(one).localname for one in body(package).iter(etree.Element)}
    assert "script" not in tags
    assert {
        one.get("TargetMode") for name, part in package.items() if name.endswith(".rels") for one in tree(part)
    } == {None}


@pytest.mark.parametrize("name", HARD)
def test_hard_documents_come_out_whole(name: str) -> None:
    source = HARD[name]
    file = render_word(source)
    package = parts(file)
    text = said(package)
    for expected in wanted(source):
        assert squeezed(expected) in text, expected[:80]
    for part in package:
        if part.endswith((".xml", ".rels")):
            tree(package[part])
    assert all(cell[-1].tag == f"{W}p" for cell in body(package).iter(f"{W}tc")), (
        "a cell must end with a paragraph, else Word calls the file broken"
    )


def test_the_header_of_a_long_table_is_repeated_and_no_row_is_torn() -> None:
    table = table_with(body(parts(render_word(HARD["200 rows"]))), "row 0")
    native = list(table.iter(f"{W}tr"))
    assert len([one for one in rows_of(table) if one[0].startswith("row ")]) == 200
    assert native[0].find(f"{W}trPr/{W}tblHeader") is not None
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in native)


def test_numbers_beyond_what_office_can_draw_are_shown_as_a_table() -> None:
    text = "".join(texts(parts(render_word(HARD["charts that can't be drawn"]))[BODY]))
    assert f"${Decimal('1e300'):,.0f}" in text


def test_many_sections_are_numbered_without_a_clash() -> None:
    sections = tuple(Section(id=str(n), title="Same", blocks=report().sections[2].blocks) for n in range(12))
    package = parts(render_word(document().model_copy(update={"sections": sections})))
    assert len([name for name in package if name.startswith("word/charts/chart")]) == 12
    ids = [one.get(f"{W}id") for one in body(package).iter(f"{W}bookmarkStart")]
    assert len(ids) == len(set(ids))


def test_python_docx_reads_it_back() -> None:
    read = docx.Document(BytesIO(render_word(report())))
    assert read.core_properties.title == "Monthly report"
    assert any(paragraph.text == "The project is behind plan." for paragraph in read.paragraphs)


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice is missing (Debian: libreoffice-writer)")
@pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_another_program_lays_it_out(path: Path, tmp_path: Path) -> None:
    source = build(sample(path))
    (tmp_path / "report.docx").write_bytes(render_word(source))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "report.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=110)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages]
    assert len(pages) > 4
    text = squeezed(*pages)
    for section in source.sections:
        assert squeezed(section.title) in text
    assert f"2{'of' if source.language == 'en' else 'sur'}{len(pages)}" in squeezed(pages[1])
