"""The styles of a Word file: real, named ones, so that its reader changes the look of the whole in one place."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from exporters.document import Language, Theme
from exporters.office_text import INK, LINE, PALE, SOFT
from exporters.office_xml import Element
from exporters.word_xml import element

HEADINGS = 6
CONTENT_LEVELS = 3
TABLE_STYLE = "ReportTable"
_KEPT_TABLE_STYLES = {"TableNormal", "TableGrid"}
_HEADING_LOOKS = ((17, 20, 8), (13, 14, 5), (11.5, 12, 4), (11, 10, 3), (10.5, 9, 3), (10.5, 9, 3))

# name, based on, size, bold, colour, space before, space after; None leaves what the base has.
_Row = tuple[str, str, float, bool, str | None, float, float]
_NEW: tuple[_Row, ...] = (
    ("Lead", "Normal", 12, False, INK, 0, 7),
    ("Note", "Normal", 10, False, SOFT, 0, 6),
    ("Card Title", "Normal", 11.5, True, "primary", 8, 2),
    ("Card Text", "Normal", 10.5, False, INK, 0, 3),
    ("Card Facts", "Normal", 9, False, SOFT, 0, 3),
    ("Key Figure Name", "Normal", 9, False, SOFT, 2, 0),
    ("Key Figure", "Normal", 16, True, "primary", 0, 0),
    ("Key Figure Note", "Normal", 8.5, False, SOFT, 0, 2),
    ("Table Text", "Normal", 9, False, INK, 1.5, 1.5),
    ("Table Heading", "Table Text", 9, True, "primary", 1.5, 1.5),
    ("Table Detail", "Table Text", 8.5, False, SOFT, 0, 2),
    ("Cover Organization", "Normal", 12, True, "FFFFFF", 18, 42),
    ("Cover Kind", "Normal", 11, False, "FFFFFF", 0, 4),
    ("Cover Period", "Normal", 16, False, "FFFFFF", 6, 18),
    ("Cover Project", "Normal", 15, True, "primary", 24, 10),
    ("Cover Fact", "Normal", 11, False, INK, 2, 2),
)


def set_styles(document: Document, theme: Theme, language: Language) -> None:
    """Give the template's styles the report's look, and add its own."""
    _drop_table_styles(document)
    _set_language(document, language)
    normal = _style(document, "Normal")
    normal.font.size = Pt(10.5)
    _space(normal, 0, 6, line=1.12)
    for level, (size, before, after) in enumerate(_HEADING_LOOKS, start=1):
        _heading(_style(document, f"Heading {level}"), size, before, after, theme)
    _set_title(document)
    for row in _NEW:
        _add(document, row, theme)
    for level in range(1, CONTENT_LEVELS + 1):
        style = _add(document, (f"toc {level}", "Normal", 10.5, False, INK, 0, 3), theme)
        style.paragraph_format.left_indent = Pt(14 * (level - 1))
        style.element.set(qn("w:styleId"), f"TOC{level}")  # as Word names its own
    _recolour(_style(document, "TOC Heading"), theme.primary, 17)
    _recolour(_style(document, "Caption"), theme.primary, 10.5)
    _style(document, "Caption").paragraph_format.keep_with_next = True
    _space(_style(document, "Caption"), 8, 3)
    for name in ("Header", "Footer"):
        _recolour(_style(document, name), f"#{SOFT}", 8.5)
    document.styles.element.append(_table_style())


def _style(document: Document, name: str) -> ParagraphStyle:
    style = document.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"python-docx's template has no paragraph style {name!r}; this version of it is not known here")
    return style


def _drop_table_styles(document: Document) -> None:
    """The template brings a hundred table styles, 400 kB of them in every file."""
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.style_id not in _KEPT_TABLE_STYLES:
            style.delete()


def _set_language(document: Document, language: Language) -> None:
    for name in ("w:lang", "w:themeFontLang"):
        for root in (document.styles.element, document.settings.element):
            for one in root.xpath(f".//{name}"):
                one.set(qn("w:val"), f"{language}-CA")
                one.attrib.pop(qn("w:eastAsia"), None)


def _heading(style: ParagraphStyle, size: float, before: float, after: float, theme: Theme) -> None:
    _recolour(style, theme.primary, size)
    _space(style, before, after)
    style.font.bold, style.font.italic = True, False
    style.paragraph_format.keep_with_next = True


def _set_title(document: Document) -> None:
    style = _style(document, "Title")
    _recolour(style, "#FFFFFF", 28)
    style.font.bold = True
    for border in style.element.xpath(".//w:pBdr"):
        border.getparent().remove(border)
    _space(style, 0, 6)


def _recolour(style: ParagraphStyle, colour: str, size: float) -> None:
    style.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
    style.font.size = Pt(size)


def _space(style: ParagraphStyle, before: float, after: float, line: float | None = None) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    if line is not None:
        style.paragraph_format.line_spacing = line


def _add(document: Document, row: _Row, theme: Theme) -> ParagraphStyle:
    name, base, size, bold, colour, before, after = row
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(name)
    style.base_style = document.styles[base]
    style.font.bold = bold
    _recolour(style, theme.primary if colour in (None, "primary") else str(colour), size)
    _space(style, before, after, line=1.0 if name.startswith("Table") else None)
    if name.startswith("Card"):
        style.paragraph_format.left_indent = Pt(10)
        style.element.get_or_add_pPr().insert_element_before(
            element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": PALE}), "w:spacing", "w:ind"
        )
    return style


def _table_style() -> Element:
    """Lines between rows, a tinted header, a bold total."""
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{LINE}"'
    strong = 'w:val="single" w:sz="8" w:space="0" w:themeColor="accent1"'
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">'
        '<w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>'
        f"<w:tblPr><w:tblBorders><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom {strong}/></w:tcBorders></w:tcPr>'
        "</w:tblStylePr>"
        f'<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders><w:top {strong}/></w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{PALE}"/></w:tcPr></w:tblStylePr>'
        "</w:style>"
    )
