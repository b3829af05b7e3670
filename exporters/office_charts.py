"""Native charts of Word and PowerPoint: a chart's XML, and the workbook in which its reader edits the numbers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import zip_longest

from lxml import etree
from openpyxl import Workbook
from openpyxl.xml.functions import tostring
from pptx.chart.data import ChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn

from exporters.archive import pinned
from exporters.document import BarChart, LineChart, Series
from exporters.excel_cells import CURRENCY, number_format, put, put_text
from exporters.formatting import Formatter
from exporters.office_text import INK, LINE, SOFT
from exporters.office_xml import Element, found

# Okabe and Ito's palette, as in the other formats; the lines differ by stroke and mark as well.
_COLOURS = {"planned": "5F6B78", "earned": "005F9E", "actual": "C2500A", "forecast": "7A3B78", "other": "00735C"}
_DASHES = {"planned": "dash", "earned": "solid", "actual": "sysDot", "forecast": "dashDot", "other": "solid"}
_MARKERS = {"planned": "circle", "earned": "square", "actual": "triangle", "forecast": "diamond", "other": "x"}
_BARS = {**_COLOURS, "planned": "C3CBD4", "actual": "005F9E"}
_MILLIONS, _MILLION, _THOUSANDS = 5_000_000, 1_000_000, 10_000
_EXACT = Decimal(10) ** 15  # a workbook keeps fifteen digits
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - openpyxl takes no time zones


def can_be_native(chart: LineChart | BarChart) -> bool:
    """Whether Office can draw it: there is something to draw, and no number that a workbook would round away."""
    values = [value for series in chart.series for value in series.values if value is not None]
    return bool(chart.categories and values) and all(abs(value) < _EXACT for value in values)


class NativeChart(ChartData):
    """A chart's data as python-pptx takes it, which writes the styled XML and a workbook of typed cells."""

    def __init__(self, chart: LineChart | BarChart, formatter: Formatter, *, text_size: float) -> None:
        super().__init__(number_format=number_format(chart.kind, formatter))  # type: ignore[no-untyped-call]
        self.chart, self.formatter, self.text_size = chart, formatter, text_size
        self.categories = chart.categories
        for series in chart.series:
            self.add_series(series.name, series.values)  # type: ignore[no-untyped-call]

    @property
    def chart_type(self) -> XL_CHART_TYPE:
        """Lines with marks, or bars that lie."""
        return XL_CHART_TYPE.LINE_MARKERS if isinstance(self.chart, LineChart) else XL_CHART_TYPE.BAR_CLUSTERED

    def xml_bytes(self, chart_type: XL_CHART_TYPE) -> bytes:
        """The chart part, without a title: the text above the chart has it."""
        plain: bytes = super().xml_bytes(chart_type)  # type: ignore[no-untyped-call]
        space = etree.fromstring(plain, etree.XMLParser(remove_blank_text=True))
        _mend_axis_ids(space)
        _style(space, self)
        return etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)

    def with_workbook(self, relation: str) -> bytes:
        """The chart part whose numbers are edited in the workbook at the end of that relation."""
        space = etree.fromstring(self.xml_bytes(self.chart_type))
        space.append(etree.Element(qn("c:externalData"), {qn("r:id"): relation}))
        return etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook, where text never becomes a formula, as it would in the library's own."""
        return _workbook(self.chart, self.formatter)


def _mend_axis_ids(space: Element) -> None:
    """python-pptx writes negative axis ids, which the schema does not allow: ECMA-376 part 1, 21.2.2.9."""
    for name in ("axId", "crossAx"):
        for one in space.iter(qn(f"c:{name}")):
            one.set("val", one.get("val", "").lstrip("-"))


def _workbook(chart: LineChart | BarChart, formatter: Formatter) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"  # the chart's references name it so
    for column, series in enumerate(chart.series, start=2):
        put_text(sheet.cell(1, column), series.name, wrap=False)
    columns = zip_longest(*(series.values for series in chart.series))
    for row, (category, values) in enumerate(zip(chart.categories, columns, strict=False), start=2):
        put_text(sheet.cell(row, 1), category, wrap=False)
        for column, value in enumerate(values, start=2):
            put(sheet.cell(row, column), value, chart.kind, formatter)
    target = BytesIO()
    book.save(target)
    book.properties.modified = book.properties.created = _EPOCH
    return pinned(target.getvalue(), {"docProps/core.xml": tostring(book.properties.to_tree())})


def _style(space: Element, native: NativeChart) -> None:
    """Colours and strokes by what a series means, a legend below, axes in the document's units and language."""
    language = f"{native.formatter.language}-CA"
    _put_after(space, ("date1904",), _element("lang", language), _element("roundedCorners", "0"))
    _only(space, "autoTitleDeleted").set("val", "1")
    for number, series in enumerate(native.chart.series):
        _style_series(space.findall(f".//{qn('c:ser')}")[number], series, lines=isinstance(native.chart, LineChart))
    _style_axes(space, native)
    if isinstance(native.chart, BarChart):
        _lay_bars(space)
    _place_legend(space)
    text = found(space, qn("a:defRPr"))
    text.set("sz", str(round(native.text_size * 100)))
    text.append(_fill(INK))
    found(space, qn("a:endParaRPr")).set("lang", language)


def _style_series(element: Element, series: Series, *, lines: bool) -> None:
    shape = etree.Element(qn("c:spPr"))
    if not lines:
        shape.append(_fill(_BARS[series.role]))
        shape.append(_line(_COLOURS["planned"] if series.role == "planned" else _BARS[series.role], 0.75))
        _put_after(element, ("idx", "order", "tx"), shape, _element("invertIfNegative", "0"))
        return
    shape.append(_line(_COLOURS[series.role], 2.25, _DASHES[series.role]))
    marker = etree.Element(qn("c:marker"))
    marker.extend([_element("symbol", _MARKERS[series.role]), _element("size", "6")])
    look = etree.SubElement(marker, qn("c:spPr"))
    look.extend([_fill(_COLOURS[series.role]), _line(_COLOURS[series.role], 0.75)])
    _put_after(element, ("idx", "order", "tx"), shape, marker)


def _style_axes(space: Element, native: NativeChart) -> None:
    values = _only(space, "valAx")
    _only(values, "majorGridlines").append(_shape(LINE))
    code = _axis_format(native.chart, native.formatter)
    form = etree.Element(qn("c:numFmt"), formatCode=code, sourceLinked="0")
    _put_after(values, ("axPos", "majorGridlines"), form)
    _only(values, "majorTickMark").set("val", "none")
    _only(_only(space, "catAx"), "tickLblPos").set("val", "low")
    for axis in (values, _only(space, "catAx")):
        _put_after(axis, ("tickLblPos",), _shape(SOFT))


def _axis_format(chart: LineChart | BarChart, formatter: Formatter) -> str:
    """An axis shows thousands and millions short, as `Formatter.money_short` does."""
    plain = number_format(chart.kind, formatter)
    largest = max(abs(value) for series in chart.series for value in series.values if value is not None)
    if chart.kind != "money" or largest < _THOUSANDS:
        return plain
    digits = "#,##0,,@M" if largest >= _MILLIONS else "0.0,,@M" if largest >= _MILLION else "#,##0,@K"
    symbol = CURRENCY.get(formatter.currency, formatter.currency)
    if formatter.language == "fr":
        short = {"M": "M", "K": "k"}[digits[-1]]
        return f'{digits[:-2]}"\N{NO-BREAK SPACE}{short}{symbol}"'
    return f'"{symbol}"{digits[:-2]}"{digits[-1]}";-"{symbol}"{digits[:-2]}"{digits[-1]}"'


def _lay_bars(space: Element) -> None:
    """The first category on top, as it is read; the values' axis stays below."""
    _only(_only(space, "catAx"), "orientation").set("val", "maxMin")
    _only(_only(space, "valAx"), "crosses").set("val", "max")
    bars = _only(space, "barChart")
    _put_after(bars, ("barDir", "grouping"), _element("varyColors", "0"))
    last = bars.findall(qn("c:ser"))[-1]
    last.addnext(_element("gapWidth", "60"))


def _place_legend(space: Element) -> None:
    for old in space.findall(f".//{qn('c:legend')}"):
        old.getparent().remove(old)  # type: ignore[union-attr]  # what was found below the root has a parent
    legend = etree.Element(qn("c:legend"))
    legend.extend([_element("legendPos", "b"), _element("overlay", "0")])
    _only(space, "plotArea").addnext(legend)


def _only(element: Element, name: str) -> Element:
    return found(element, qn(f"c:{name}"))


def _put_after(parent: Element, names: tuple[str, ...], *added: Element) -> None:
    """Put elements after the last of the parent's own that have one of these names."""
    last = [child for child in parent if child.tag in {qn(f"c:{name}") for name in names}][-1]
    for element in reversed(added):
        last.addnext(element)


def _element(name: str, value: str) -> Element:
    return etree.Element(qn(f"c:{name}"), val=value)


def _fill(colour: str) -> Element:
    fill = etree.Element(qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=colour)
    return fill


def _line(colour: str, points: float, dash: str = "solid") -> Element:
    line = etree.Element(qn("a:ln"), w=str(round(points * 12700)), cap="rnd")
    line.append(_fill(colour))
    etree.SubElement(line, qn("a:prstDash"), val=dash)
    return line


def _shape(colour: str) -> Element:
    shape = etree.Element(qn("c:spPr"))
    shape.append(_line(colour, 0.75))
    return shape
