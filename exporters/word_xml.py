"""WordprocessingML in small: runs, paragraphs and fields, in the order that the schema asks for.

Tables of some length are slow through python-docx's cells, so that tables and their paragraphs are made as elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml

from exporters.document import Language
from exporters.office_xml import Element, found


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. `language` is named where it is not the document's."""

    text: str
    bold: bool = False
    italic: bool = False
    colour: str | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph adds to its style."""

    align: str | None = None
    bar: str | None = None
    numbering: int | None = None
    indent: int | None = None
    keep_next: bool = False
    page_break: bool = False


PLAIN = Look()


def element(tag: str, attributes: Mapping[str, str | int] | None = None, *children: Element) -> Element:
    """An element such as `w:p`; attributes are named with their prefix, too."""
    made: Element = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name) if ":" in name else name, str(value))
    made.extend(children)
    return made


def value(tag: str, content: str | int) -> Element:
    """An element whose only attribute is `w:val`."""
    return element(tag, {"w:val": content})


def paragraph(runs: Iterable[Run | Element], style: str | None = None, look: Look = PLAIN) -> Element:
    """A paragraph of runs."""
    made = element("w:p", None, _paragraph_properties(style, look))
    made.extend(run(one) if isinstance(one, Run) else one for one in runs)
    return made


def _paragraph_properties(style: str | None, look: Look) -> Element:
    made = element("w:pPr")
    if style:
        made.append(value("w:pStyle", style))
    if look.keep_next:
        made.append(element("w:keepNext"))
    if look.page_break:
        made.append(element("w:pageBreakBefore"))
    if look.numbering is not None:
        made.append(element("w:numPr", None, value("w:ilvl", 0), value("w:numId", look.numbering)))
    if look.bar:
        bar = element("w:left", {"w:val": "single", "w:sz": 24, "w:space": 8, "w:color": look.bar})
        made.append(element("w:pBdr", None, bar))
    if look.indent is not None:
        made.append(element("w:ind", {"w:left": look.indent, "w:hanging": 360}))
    if look.align:
        made.append(value("w:jc", look.align))
    return made


def run(one: Run) -> Element:
    """One run; line ends and tabs of the text become Word's own."""
    made = element("w:r", None, _run_properties(one))
    for piece in re.split(r"(\r\n|\n|\r|\t)", one.text):
        if piece == "\t":
            made.append(element("w:tab"))
        elif piece in {"\n", "\r", "\r\n"}:
            made.append(element("w:br"))
        elif piece:
            text = element("w:t", {"xml:space": "preserve"})
            text.text = piece
            made.append(text)
    return made


def _run_properties(one: Run) -> Element:
    made = element("w:rPr")
    if one.bold:
        made.append(element("w:b"))
    if one.italic:
        made.append(element("w:i"))
    if one.colour:
        made.append(value("w:color", one.colour))
    if one.language:
        made.append(value("w:lang", f"{one.language}-CA"))
    return made


def field(code: str, shown: str) -> list[Element]:
    """A field such as PAGE, with what stands there until it is counted."""
    return [field_mark("begin"), instruction(code), field_mark("separate"), run(Run(shown)), field_mark("end")]


def field_mark(kind: str) -> Element:
    """Where a field begins, shows its result, or ends."""
    return element("w:r", None, element("w:fldChar", {"w:fldCharType": kind}))


def instruction(code: str) -> Element:
    """What a field is to show."""
    made = element("w:instrText", {"xml:space": "preserve"})
    made.text = f" {code} "
    return element("w:r", None, made)


def bookmarked(content: Element, number: int, name: str) -> list[Element]:
    """A run that links can lead to."""
    start = element("w:bookmarkStart", {"w:id": number, "w:name": name})
    return [start, content, element("w:bookmarkEnd", {"w:id": number})]


def link(anchor: str, content: Element) -> Element:
    """A link to a bookmark."""
    return element("w:hyperlink", {"w:anchor": anchor, "w:history": 1}, content)


def inline_chart(relation: str, number: int, *, size: tuple[int, int], name: str, alternative: str) -> Element:
    """A chart in a line of text. `size` is in EMU; `alternative` is read to who can't see it."""
    width, height = size
    drawing = parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'r')}>"
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name=""/><wp:cNvGraphicFramePr/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    about = found(drawing, qn("wp:docPr"))
    about.set("name", name)
    about.set("descr", alternative)
    found(drawing, qn("c:chart")).set(qn("r:id"), relation)
    return element("w:r", None, drawing)
