"""Word files and presentations read back without the libraries that wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import chain
from typing import Any
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook

from exporters.document import (
    BarChart,
    Block,
    Bullets,
    Callout,
    Column,
    Insight,
    KeyFigure,
    KeyFigures,
    LineChart,
    Paragraph,
    ReportDocument,
    RiskMatrix,
    RiskPoint,
    Section,
    Series,
    Subheading,
    Table,
    Timeline,
)
from exporters.figures import trend_chart
from exporters.formatting import Formatter
from exporters.labels import status_label
from exporters.sections import normalise_section
from tests.unit.exporters.samples import SECTIONS, TREND, cover, document

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}
_TEXT = {f"{{{NAMES['w']}}}t", f"{{{NAMES['a']}}}t"}
_DESCRIPTION = f"{{{NAMES['w']}}}tblDescription"
HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1",
    "]]>&amp;",
    '" onload="x',
    "{{ 7*7 }}",
    "_x0041_",
    "\u202e\u05e9\u05dc\u05d7",
    "😀",
)


def report(language: str = "en") -> ReportDocument:
    """A document with every type of block."""
    formatter = Formatter("fr" if language == "fr" else "en")
    sections = [normalise_section(raw, formatter, position=n) for n, raw in enumerate(SECTIONS, start=1)]
    chart = trend_chart(TREND, formatter)
    assert chart is not None
    strip = KeyFigures(figures=(KeyFigure(label="Budget", value=Decimal(1_034_000), kind="money", tone="bad"),) * 4)
    insight = Insight(
        title="No float is left", text="It ends on May 14.", priority="critical", confidence=Decimal("0.9"),
        validation="pending", impact="Two locks.", actions=("Decide.",), tone="bad",
    )  # fmt: skip
    extra = (strip, chart, insight, Callout(title="Mind", text="the gap"), Subheading(text="Below", level=3))
    sections[2] = sections[2].model_copy(update={"blocks": (*sections[2].blocks, *extra)})
    return ReportDocument(id="r/2", language=formatter.language, cover=cover(), sections=tuple(sections))


def hard_documents() -> dict[str, ReportDocument]:
    """Documents that a writer may trip over, by what is hard about them."""
    long_word = "x" * 10_000
    columns = (Column(key="a", title="A"), Column(key="b", title="B", kind="money"), Column(key="c", title="C" * 300))
    rows = tuple((f"row {number}", number, f"note {number}") for number in range(200))
    any_json = {
        "name": "Everything",
        "content": {"none": None, "yes": True, "int": 1, "float": 1.5, "text": "t",
                    "list": [1, "a", None, [2, {"x": 3}]],
                    "object": {"deep": {"deeper": {"deepest": [{"k": "v"}]}}}, "empty": [], "nothing": {}, "": ""},
    }  # fmt: skip
    huge = Series(name="Huge", values=(Decimal("1e300"), None))
    many = Series(name="Many", values=(Decimal(1),) * 80)
    described = {"title": "T", "finding": "F.", "alternative": "Alternative."}
    points = tuple(RiskPoint(key=f"R-{n:03}", name="N", probability=0.1, impact=0.1) for n in range(150))
    chart_blocks: tuple[Block, ...] = (
        LineChart(**described, categories=(), series=()),
        LineChart(**described, categories=("Jan", "Feb"), series=(huge,)),
        BarChart(**described, categories=tuple(f"c{n}" for n in range(80)), series=(many,)),
        RiskMatrix(**described, points=points),
        Timeline(**described, milestones=()),
    )  # fmt: skip
    nested = Bullets(items=tuple({"text": f"point {n}", "level": n % 15} for n in range(40)), ordered=True)
    return {
        "no section": ReportDocument(id="r/3", cover=cover()),
        "an empty section": ReportDocument(id="r/4", cover=cover(), sections=(Section(id="s", title=""),)),
        "long words": document(
            Paragraph(text=long_word), Callout(title=long_word, text=long_word), Bullets(items=({"text": long_word},)),
            Table(title=long_word, columns=columns, rows=((long_word, 1, long_word),)), Subheading(text=long_word),
            KeyFigures(figures=(KeyFigure(label=long_word, value=long_word, note=long_word),)),
            Insight(title=long_word, text=long_word, actions=(long_word,)),
            cover=cover(title=long_word, project=long_word),
        ),
        "200 rows": document(Table(title="Long", columns=columns, rows=rows, total=("Total", 19_900, None))),
        "no columns": document(Table(title="Bare", columns=(), rows=())),
        "any JSON": document(*normalise_section(any_json, Formatter("en")).blocks),
        "charts that can't be drawn": document(*chart_blocks),
        "deep lists": document(nested),
        "many lines": document(Paragraph(text="\r\n".join(["line"] * 300)), Paragraph(text="\n\n\n")),
    }  # fmt: skip


def parts(file: bytes) -> dict[str, bytes]:
    """Every part of the package by name."""
    with ZipFile(BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree(part: bytes) -> Any:
    return etree.fromstring(part)


def texts(part: bytes) -> Iterator[str]:
    """What a part says, to the eye and to who can't see it."""
    for element in tree(part).iter():
        if element.tag in _TEXT:
            yield element.text or ""
        elif element.tag == _DESCRIPTION:
            yield element.get(f"{{{NAMES['w']}}}val", "")
        elif element.get("descr"):
            yield element.get("descr", "")


def squeezed(*said: str) -> str:
    """Text without any of its white space."""
    return "".join("".join(said).split())


def wanted(document: ReportDocument) -> Iterator[str]:
    """Everything that the document says, in the document's language."""
    formatter = Formatter(document.language, document.currency)
    yield from (document.cover.title, document.cover.project)
    for section in document.sections:
        yield section.title
        for block in section.blocks:
            yield from _wanted_of(block, formatter)


def _wanted_of(block: Block, formatter: Formatter) -> Iterator[str]:
    if isinstance(block, Table):
        yield block.title
        yield from (column.title for column in block.columns)
        for row in chain(block.rows, [block.total] if block.total else []):
            present = [
                (value, column.kind) for value, column in zip(row, block.columns, strict=True) if value is not None
            ]
            yield from (formatter.value(value, kind) for value, kind in present)
    elif isinstance(block, KeyFigures):
        yield block.title or ""
        for figure in block.figures:
            yield from (figure.label, formatter.value(figure.value, figure.kind), figure.note or "")
    elif isinstance(block, Bullets):
        yield from (item.text for item in block.items)
    elif isinstance(block, Insight):
        yield from (block.title, block.text, block.impact or "", *block.actions)
        yield status_label(block.priority, formatter.language) if block.priority else ""
        yield formatter.percent(block.confidence) if block.confidence is not None else ""
    elif isinstance(block, Callout):
        yield from (block.title, block.text)
    elif isinstance(block, (Paragraph, Subheading)):
        yield block.text
    else:
        yield from (block.title, block.finding, block.alternative)


@dataclass(frozen=True)
class DrawnSeries:
    """A series of a chart as it is drawn, and as its workbook has it."""

    name: str
    values: list[float | None]
    in_workbook: list[float | None]


def drawn(package: dict[str, bytes], name: str) -> tuple[list[str], list[DrawnSeries]]:
    """The categories and series of a chart part."""
    chart = tree(package[name])
    folder, _, file = name.rpartition("/")
    relations = tree(package[f"{folder}/_rels/{file}.rels"])
    [relation] = chart.xpath("c:externalData/@r:id", namespaces=NAMES)
    [target] = [one.get("Target", "") for one in relations if one.get("Id") == relation]
    book = load_workbook(BytesIO(package[f"{folder.rpartition('/')[0]}/{target.removeprefix('../')}"]))
    rows = list(book.worksheets[0].iter_rows())
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    series = []
    for number, one in enumerate(chart.iter(f"{{{NAMES['c']}}}ser"), start=1):
        count = int(one.xpath("string(c:val//c:ptCount/@val)", namespaces=NAMES))
        values: list[float | None] = [None] * count
        for point in one.xpath("c:val//c:pt", namespaces=NAMES):
            values[int(point.get("idx"))] = float(point.findtext("{*}v"))
        held = [row[number].value for row in rows[1:]]
        title = one.xpath("string(c:tx//c:v)", namespaces=NAMES)
        assert rows[0][number].value == title
        series.append(DrawnSeries(title, values, [None if cell is None else float(str(cell)) for cell in held]))
    first = chart.xpath("(.//c:ser)[1]/c:cat//c:v/text()", namespaces=NAMES)
    assert [row[0].value for row in rows[1:]] == first
    return first, series


def charts_of(document: ReportDocument) -> list[LineChart | BarChart]:
    """The charts that Office has a native form for."""
    blocks = [block for section in document.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, (LineChart, BarChart))]


def assert_charts_are_the_documents(package: dict[str, bytes], folder: str, document: ReportDocument) -> None:
    """Names, categories and numbers, drawn and in the workbook, are those of the document."""
    charts = charts_of(document)
    assert charts
    assert len([name for name in package if name.startswith(f"{folder}/chart")]) == len(charts)
    found = [drawn(package, name) for name in sorted(package) if name.startswith(f"{folder}/chart")]
    expected = [(list(chart.categories), [(one.name, _floats(one)) for one in chart.series]) for chart in charts]
    shown = [(categories, [(one.name, one.values) for one in series]) for categories, series in found]
    assert sorted(shown, key=str) == sorted(expected, key=str)
    assert all(one.values == one.in_workbook for _, series in found for one in series)


def _floats(series: Series) -> list[float | None]:
    return [None if value is None else float(value) for value in series.values]


def axis_ids(package: dict[str, bytes]) -> list[int]:
    """Every id that an axis has or is referred to by."""
    charts = [tree(part) for name, part in package.items() if "/charts/chart" in name and name.endswith(".xml")]
    return [int(one) for chart in charts for one in chart.xpath("//c:axId/@val | //c:crossAx/@val", namespaces=NAMES)]
