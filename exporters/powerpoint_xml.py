"""Text and table cells of a slide as DrawingML, in the order that the schema asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import etree
from pptx.oxml.ns import qn

from exporters.document import Language
from exporters.office_text import INK, LINE, TINT
from exporters.office_xml import Element
from exporters.powerpoint_plan import CELL_MARGIN, TABLE_SIZE, Line, SlideCell

_EMU = 12_700  # to a point


def emu(points: float) -> int:
    """Points in the unit of Office drawings."""
    return round(points * _EMU)


def element(tag: str, attributes: Mapping[str, str | int] | None = None, *children: Element) -> Element:
    """An element such as `a:p`."""
    made = etree.Element(qn(tag), {name: str(value) for name, value in (attributes or {}).items()})
    made.extend(children)
    return made


def fill(colour: str) -> Element:
    """A plain ground; `primary` is the theme's own colour, `tint` a pale one."""
    if colour == "primary":
        return element("a:solidFill", None, element("a:schemeClr", {"val": "accent1"}))
    return element("a:solidFill", None, element("a:srgbClr", {"val": TINT if colour == "tint" else colour}))


def line_paragraph(line: Line, words: Language) -> Element:
    """One paragraph of a slide's text."""
    properties = element("a:pPr", {"marL": emu(line.indent), "indent": -emu(18) if line.indent else 0})
    properties.append(_spacing("a:spcBef", line.before))
    if line.number is not None:
        properties.append(element("a:buFont", {"typeface": "+mj-lt"}))
        properties.append(element("a:buAutoNum", {"type": "arabicPeriod", "startAt": min(line.number, 32_767)}))
    elif line.bullet:
        properties.append(element("a:buFont", {"typeface": "Arial"}))
        properties.append(element("a:buChar", {"char": "•"}))
    else:
        properties.append(element("a:buNone"))
    language = line.language or words
    runs = [
        *text_runs(line.lead, language, size=line.size, bold=True, colour=line.colour or INK),
        *text_runs(line.text, language, size=line.size, bold=line.bold, colour=line.colour or INK),
    ]
    return element("a:p", None, properties, *runs)


def _spacing(tag: str, points: float) -> Element:
    return element(tag, None, element("a:spcPts", {"val": round(points * 100)}))


def text_runs(
    text: str, language: Language, *, size: float | None = None, bold: bool = False, colour: str | None = None
) -> list[Element]:
    """Runs of text; its line ends become DrawingML's own."""
    made: list[Element] = []
    for piece in re.split(r"(\r\n|\r|\n)", text):
        if not piece:
            continue
        attributes: dict[str, str | int] = {"lang": f"{language}-CA"}
        if size is not None:
            attributes["sz"] = round(size * 100)
        if bold:
            attributes["b"] = 1
        properties = element("a:rPr", attributes, *([fill(colour)] if colour else []))
        if piece in {"\n", "\r", "\r\n"}:
            made.append(element("a:br", None, properties))
        else:
            content = element("a:t")
            content.text = piece
            made.append(element("a:r", None, properties, content))
    return made


def fill_text(body: Element, paragraphs: Iterable[Element]) -> None:
    """Replace the paragraphs of a text body."""
    for old in body.findall(qn("a:p")):
        body.remove(old)
    body.extend(paragraphs)
    if body.find(qn("a:p")) is None:
        body.append(element("a:p"))


def table_cell(cell: SlideCell, words: Language) -> Element:
    """A cell of a native table."""
    align = "r" if cell.numeric else "ctr" if cell.centred else "l"
    language = cell.language or words
    runs = text_runs(cell.text, language, size=TABLE_SIZE, bold=cell.bold, colour=cell.colour or INK)
    end = element("a:endParaRPr", {"lang": f"{language}-CA", "sz": round(TABLE_SIZE * 100)})
    paragraph = element("a:p", None, element("a:pPr", {"algn": align}), *runs, end)
    body = element("a:txBody", None, element("a:bodyPr"), element("a:lstStyle"), paragraph)
    side, high = emu(CELL_MARGIN), emu(CELL_MARGIN / 2)
    look = element("a:tcPr", {"marL": side, "marR": side, "marT": high, "marB": high, "anchor": _anchor(cell)})
    look.append(element("a:lnB", {"w": _EMU // 2}, fill(LINE)))
    if cell.fill:
        look.append(fill(cell.fill))
    span = {"gridSpan": cell.span} if cell.span > 1 else {"hMerge": 1} if cell.span == 0 else {}
    return element("a:tc", span, body, look)


def _anchor(cell: SlideCell) -> str:
    if cell.fill == "primary":
        return "b"
    return "ctr" if cell.centred else "t"
