"""A presentation: a title slide, then the sections on wide slides with native tables, charts and speaker notes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.slide import Slide as NativeSlide
from pptx.util import Emu

from exporters.document import BarChart, KeyFigure, Language, LineChart, ReportDocument
from exporters.formatting import Formatter
from exporters.labels import label, status_label, status_tone
from exporters.office_charts import NativeChart
from exporters.office_cover import cover_facts, footnote
from exporters.office_package import describe, finished
from exporters.office_text import MARKS, PALE, SOFT, TONES, clipped, one_line, shortened, wrap
from exporters.office_xml import Element, found
from exporters.powerpoint_flow import plan_slides
from exporters.powerpoint_master import CONTENT, COVER, LEFT, TITLE_ONLY, TOP, new_presentation, place, placeholders
from exporters.powerpoint_plan import HEIGHT, WIDTH, Figures, Line, Slide, SlideTable
from exporters.powerpoint_xml import element, emu, fill, fill_text, line_paragraph, table_cell, text_runs

_WHITE = "FFFFFF"
_FOOT_LENGTH = 90  # characters
_FOOT_SIZE = 10.0
_FIGURE_SIZES = ((24.0, 14), (16.0, 22), (12.0, 30))  # with the characters that fit
_GAP = 10.0
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's own "No Style, No Grid"
_PER_ROW, _CARD_HEIGHT, _CARD_GAP = 4, 96.0, 12.0
_BAR_FRAME, _BAR_HEIGHT = 90.0, 48.0
_COVER_TITLE_LINES, _COVER_WIDTH, _COVER_SIZE = 3, 740.0, 36.0


def warm_up() -> None:
    """Read the template once, so that a fork of this process finds its modules loaded."""
    new_presentation()


def render_powerpoint(document: ReportDocument) -> bytes:
    """The document as a presentation; the same document gives the same bytes."""
    target = BytesIO()
    deck = _Deck(document)
    deck.build()
    deck.file.save(target)
    return finished(target.getvalue(), document)


class _Deck:
    """One presentation under construction."""

    def __init__(self, document: ReportDocument) -> None:
        self.document, self.words = document, document.language
        self.formatter = Formatter(document.language, document.currency)
        self.file = new_presentation()
        self.foot = clipped(
            " · ".join(
                (
                    document.cover.project,
                    self.formatter.month(document.cover.period),
                    footnote(document.cover, self.formatter),
                )
            ),
            _FOOT_LENGTH,
        )

    def build(self) -> None:
        describe(self.file.core_properties, self.document)
        self._cover()
        for slide in plan_slides(self.document, self.formatter):
            self._slide(slide)

    def _cover(self) -> None:
        cover, native = self.document.cover, self.file.slides.add_slide(self.file.slide_layouts[COVER])
        ground = native.background.fill
        ground.solid()
        ground.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
        title = one_line(cover.title)
        fitting = sum(map(len, wrap(title, _COVER_WIDTH, _COVER_SIZE)[:_COVER_TITLE_LINES]))
        whole = fitting == len(title)
        title = title if whole else shortened(title, fitting - 1)
        _write(
            native.shapes.title, [Line(title, _COVER_SIZE, bold=True, colour=_WHITE, before=0)], self.words, anchor="b"
        )
        _write(native.placeholders[1], self._cover_lines(), self.words, anchor="t")
        notes = [] if whole else [cover.title]
        notes += [f"{name}{self.formatter.colon}{value}" for name, value in self._facts()]
        self._notes(native, notes)

    def _facts(self) -> list[tuple[str, str]]:
        cover, words = self.document.cover, self.words
        given = [(label("project", words), cover.project), (label("organization", words), cover.organization)]
        health = cover.health and MARKS[status_tone(cover.health)] + status_label(cover.health, words)
        given.append((label("health", words), health))
        return [*((name, value) for name, value in given if value), *cover_facts(self.document, self.formatter)]

    def _cover_lines(self) -> list[Line]:
        cover = self.document.cover
        first = [self.formatter.month(cover.period), clipped(cover.project, 100)]
        lines = [Line(text, 20, colour=_WHITE) for text in first]
        others = [f"{name}{self.formatter.colon}{clipped(value, 80)}" for name, value in self._facts()[1:]]
        return [*lines, *(Line(text, 13, colour=_WHITE, before=3) for text in others)]

    def _slide(self, slide: Slide) -> None:
        layout = CONTENT if slide.lines else TITLE_ONLY
        native = self.file.slides.add_slide(self.file.slide_layouts[layout])
        language = slide.language or self.words
        fill_text(_body(native.shapes.title), [element("a:p", None, *text_runs(slide.title, language))])
        used = sum(line.height() for line in slide.lines)
        if slide.lines:
            text = native.placeholders[1]
            if slide.content is not None:
                place(text, LEFT, TOP, WIDTH, used)
            _write(text, slide.lines, self.words)
        if slide.content is not None:
            top = used + _GAP if slide.lines else 0.0
            self._content(native, slide, top)
        self._foot(native)
        self._notes(native, slide.notes)

    def _content(self, native: NativeSlide, slide: Slide, top: float) -> None:
        content = slide.content
        if isinstance(content, SlideTable):
            self._table(native, content, TOP + top)
        elif isinstance(content, Figures):
            self._figures(native, content, TOP + top, slide.language)
        elif content is not None:
            self._chart(native, content, TOP + top, HEIGHT - top)

    def _table(self, native: NativeSlide, table: SlideTable, top: float) -> None:
        rows = (*table.headers, *table.rows)
        heights = [table.row_height(row) for row in rows]
        box = (LEFT, top, sum(table.widths), sum(heights))
        frame = native.shapes.add_table(len(rows), len(table.widths), *(Emu(emu(one)) for one in box))
        frame.table.first_row, frame.table.horz_banding = bool(table.headers), False
        found(frame.element, qn("a:tableStyleId")).text = _PLAIN_TABLE
        for number, width in enumerate(table.widths):
            frame.table.columns[number].width = Emu(emu(width))
        for made, row, height in zip(list(frame.table.rows), rows, heights, strict=True):
            made.height = Emu(emu(height))
            for old, cell in zip(made._tr.findall(qn("a:tc")), row, strict=True):  # noqa: SLF001 - cells are replaced whole
                made._tr.replace(old, table_cell(cell, self.words))  # noqa: SLF001 - as above
        _describe(frame, label("table", self.words), table.about)

    def _chart(self, native: NativeSlide, chart: LineChart | BarChart, top: float, room: float) -> None:
        data = NativeChart(chart, self.formatter, text_size=12)
        height = min(room, _BAR_FRAME + _BAR_HEIGHT * len(chart.categories)) if isinstance(chart, BarChart) else room
        left, upper, wide, high = (Emu(emu(one)) for one in (LEFT, top, WIDTH, height))
        frame = native.shapes.add_chart(data.chart_type, left, upper, wide, high, data)
        _describe(frame, label("chart", self.words), f"{chart.title}. {chart.alternative}")

    def _figures(self, native: NativeSlide, content: Figures, top: float, language: Language | None) -> None:
        width = (WIDTH - _CARD_GAP * (_PER_ROW - 1)) / _PER_ROW
        for number, figure in enumerate(content.figures):
            row, column = divmod(number, _PER_ROW)
            box = (LEFT + column * (width + _CARD_GAP), top + row * (_CARD_HEIGHT + _CARD_GAP), width, _CARD_HEIGHT)
            self._card(native, figure, box, language)

    def _card(self, native: NativeSlide, figure: KeyFigure, box: Sequence[float], language: Language | None) -> None:
        shape = native.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Emu(emu(one)) for one in box))
        shape.element.remove(found(shape.element, qn("p:style")))  # a shadow, and white text
        properties = found(shape.element, qn("p:spPr"))
        edge = TONES[figure.tone] if figure.tone != "neutral" else PALE
        found(properties, qn("a:prstGeom")).addnext(fill(PALE))
        found(properties, qn("a:solidFill")).addnext(element("a:ln", {"w": emu(1.5)}, fill(edge)))
        text = self.formatter.value(figure.value, figure.kind)
        lines = [
            Line(MARKS[figure.tone] + figure.label, 12, colour=TONES[figure.tone], before=0, language=language),
            Line(text, _figure_size(text), bold=True, colour="primary", before=2),
        ]
        lines += [Line(figure.note, 11, colour=SOFT, before=0, language=language)] if figure.note else []
        _write(shape, lines, self.words, anchor="ctr")
        _body(shape).find(qn("a:bodyPr")).attrib.update({"lIns": str(emu(9)), "rIns": str(emu(6))})
        _describe(shape, label("key_figures", self.words), "")

    def _foot(self, native: NativeSlide) -> None:
        """The foot and the slide's number; the library does not bring a layout's onto its slides."""
        number = len(self.file.slides)
        for kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            found = [one for one in placeholders(native.slide_layout) if one.placeholder_format.type == kind]
            for one in found:
                holder = element("p:sp", None, *self._foot_parts(native, one, kind, number))
                native.shapes.element.append(holder)

    def _foot_parts(self, native: NativeSlide, layout: Any, kind: PP_PLACEHOLDER, number: int) -> Sequence[Element]:
        taken = [int(one) for one in native.shapes.element.xpath("//p:cNvPr/@id")]
        name = "sldNum" if kind == PP_PLACEHOLDER.SLIDE_NUMBER else "ftr"
        about = element(
            "p:nvSpPr",
            None,
            element("p:cNvPr", {"id": max(taken) + 1, "name": layout.name}),
            element("p:cNvSpPr", None, element("a:spLocks", {"noGrp": 1})),
            element("p:nvPr", None, element("p:ph", {"type": name, "idx": layout.placeholder_format.idx})),
        )
        runs = text_runs(self.foot, self.words, size=_FOOT_SIZE, colour=SOFT)
        if name == "sldNum":
            field = element("a:fld", {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"})
            field.extend(text_runs(str(number), self.words, size=_FOOT_SIZE, colour=SOFT)[0])
            runs = [field]
        for look in (look for run in runs for look in run.iterfind(qn("a:rPr"))):
            look.append(element("a:latin", {"typeface": "+mn-lt"}))  # LibreOffice takes a serif without it
        align = element("a:pPr", {"algn": "r" if name == "sldNum" else "l"})
        paragraph = element("a:p", None, align, *runs)
        return [
            about,
            element("p:spPr"),
            element("p:txBody", None, element("a:bodyPr"), element("a:lstStyle"), paragraph),
        ]

    def _notes(self, native: NativeSlide, notes: Sequence[str]) -> None:
        said = [note for note in notes if note]
        if said:
            frame = native.notes_slide.notes_text_frame
            paragraphs = [element("a:p", None, *text_runs(note, self.words)) for note in said]
            fill_text(frame._txBody, paragraphs)  # type: ignore[union-attr]  # noqa: SLF001 - runs need a language


def _figure_size(text: str) -> float:
    """The largest size at which a figure stands on one line of its card."""
    return next((size for size, longest in _FIGURE_SIZES if len(text) <= longest), 10.0)


def _write(shape: Any, lines: Sequence[Line], words: Language, anchor: str | None = None) -> None:
    body = _body(shape)
    fill_text(body, [line_paragraph(line, words) for line in lines])
    look = body.find(qn("a:bodyPr"))
    if anchor:
        look.set("anchor", anchor)


def _body(shape: Any) -> Any:
    return shape.element.find(qn("p:txBody"))


def _describe(shape: Any, name: str, alternative: str) -> None:
    about = shape.element.find(f".//{qn('p:cNvPr')}")
    about.set("name", f"{name} {about.get('id')}")
    if alternative:
        about.set("descr", alternative)
