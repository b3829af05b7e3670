"""The master and layouts of a presentation: wide slides, in the report's look."""

from __future__ import annotations

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as NativePresentation
from pptx.shapes.base import BaseShape
from pptx.slide import SlideLayout
from pptx.util import Emu

from exporters.office_text import INK, SOFT
from exporters.office_xml import Element, found
from exporters.powerpoint_plan import HEIGHT, TITLE_SIZE, WIDTH
from exporters.powerpoint_xml import element, emu, fill

SLIDE_WIDTH, SLIDE_HEIGHT = 960.0, 540.0  # points, 16 to 9
LEFT, TOP = 40.0, 92.0
COVER, CONTENT, TITLE_ONLY = 0, 1, 2  # of the layouts that are kept
_KEPT = (0, 1, 5)  # of those in python-pptx's template
_UNWANTED = ("/thumbnail", "/printerSettings")
_PLACES = {
    PP_PLACEHOLDER.TITLE: (LEFT, 18, WIDTH, 66),
    PP_PLACEHOLDER.BODY: (LEFT, TOP, WIDTH, HEIGHT),
    PP_PLACEHOLDER.FOOTER: (LEFT, 507, 640, 22),
    PP_PLACEHOLDER.SLIDE_NUMBER: (LEFT + WIDTH - 100, 507, 100, 22),
    PP_PLACEHOLDER.CENTER_TITLE: (LEFT + 20, 110, WIDTH - 120, 150),
    PP_PLACEHOLDER.SUBTITLE: (LEFT + 20, 276, WIDTH - 120, 220),
}


def new_presentation() -> NativePresentation:
    """An empty presentation of wide slides with the layouts that a report needs."""
    made = Presentation()
    made.slide_width, made.slide_height = Emu(emu(SLIDE_WIDTH)), Emu(emu(SLIDE_HEIGHT))
    found(made.element, qn("p:sldSz")).attrib.pop("type", "")
    layouts = list(made.slide_layouts)
    for number, layout in enumerate(layouts):
        if number not in _KEPT:
            made.slide_layouts.remove(layout)
    _drop_unwanted(made)
    _set_master(made)
    for layout in made.slide_layouts:
        _set_layout(layout)
    return made


def _drop_unwanted(made: NativePresentation) -> None:
    """A picture of another presentation, and the settings of a printer, come with the template."""
    package = made.part.package
    for source, relations in ((made.part, made.part.rels), (package, package._rels)):  # noqa: SLF001 - a package gives its relations out in no other way
        for key in [key for key, one in relations.items() if one.reltype.endswith(_UNWANTED)]:
            source.drop_rel(key)


def place(shape: BaseShape, left: float, top: float, width: float, height: float) -> None:
    """Put a shape somewhere, in points."""
    shape.left, shape.top, shape.width, shape.height = (Emu(emu(one)) for one in (left, top, width, height))


def _set_master(made: NativePresentation) -> None:
    master = made.slide_master
    for shape in list(master.placeholders):
        kind = shape.placeholder_format.type
        if kind not in _PLACES:
            _remove(shape)
            continue
        place(shape, *_PLACES[kind])
        body = found(shape.element, qn("a:bodyPr"))
        body.attrib.update({"lIns": "0", "rIns": "0", "anchor": "b" if kind == PP_PLACEHOLDER.TITLE else "t"})
        if kind == PP_PLACEHOLDER.FOOTER:
            found(shape.element, qn("a:lvl1pPr")).set("algn", "l")
        for look in shape.element.iterfind(f".//{qn('a:lvl1pPr')}/{qn('a:defRPr')}"):
            _set_look(look, 10, SOFT)
    title = found(found(master.element, qn("p:titleStyle")), qn("a:lvl1pPr"))
    title.set("algn", "l")
    _set_look(found(title, qn("a:defRPr")), TITLE_SIZE, "primary", bold=True)
    for look in found(master.element, qn("p:bodyStyle")).iter(qn("a:defRPr")):
        _set_look(look, 16, INK)
    master.shapes.element.append(_rule())


def placeholders(layout: SlideLayout) -> list[BaseShape]:
    """The placeholders of a layout; its own iterator is typed in a way that can't be used."""
    return [layout.placeholders[number] for number in range(len(layout.placeholders))]


def _set_layout(layout: SlideLayout) -> None:
    for shape in placeholders(layout):
        kind = shape.placeholder_format.type
        if kind == PP_PLACEHOLDER.CENTER_TITLE:
            layout.element.set("showMasterSp", "0")
        if kind == PP_PLACEHOLDER.DATE:
            _remove(shape)
        elif kind in {PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.SUBTITLE}:
            place(shape, *_PLACES[kind])
            for level in shape.element.iterfind(f".//{qn('a:lstStyle')}/*"):
                level.set("algn", "l")


def _remove(shape: BaseShape) -> None:
    parent = shape.element.getparent()
    if parent is not None:
        parent.remove(shape.element)


def _set_look(look: Element, size: float, colour: str, *, bold: bool = False) -> None:
    look.set("sz", str(round(size * 100)))
    look.set("b", str(int(bold)))
    for old in look.findall(qn("a:solidFill")):
        look.remove(old)
    look.insert(0, fill(colour))


def _rule() -> Element:
    """The line below every title, in the accent colour."""
    box = element(
        "a:xfrm",
        None,
        element("a:off", {"x": emu(LEFT), "y": emu(86)}),
        element("a:ext", {"cx": emu(WIDTH), "cy": emu(1.5)}),
    )
    ground = element("a:solidFill", None, element("a:schemeClr", {"val": "accent2"}))
    shape = element("p:spPr", None, box, element("a:prstGeom", {"prst": "rect"}, element("a:avLst")), ground)
    about = element(
        "p:nvSpPr", None, element("p:cNvPr", {"id": 20, "name": "Rule"}), element("p:cNvSpPr"), element("p:nvPr")
    )
    return element("p:sp", None, about, shape)
