"""A Word file: real heading and list styles, native tables and charts, a cover, contents, page numbers."""

from __future__ import annotations

from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.section import Section as Pages
from docx.shared import Inches, Length, Mm
from docx.text.paragraph import Paragraph as NativeParagraph

from exporters.document import ReportDocument
from exporters.formatting import Formatter
from exporters.labels import label, status_label, status_tone
from exporters.office_cover import cover_facts, footnote
from exporters.office_package import describe, finished
from exporters.office_text import MARKS, TONES, clipped
from exporters.office_xml import Element
from exporters.word_page import WordPage
from exporters.word_styles import CONTENT_LEVELS, set_styles
from exporters.word_xml import Look, Run, field, field_mark, instruction, link, paragraph, run

_MARGIN = Inches(0.85)
_HEAD_LENGTH = 90  # characters of a running head or foot
# Parts of python-docx's template that say nothing of the report: a second copy of the styles, a picture, an XML store.
_UNWANTED = ("/stylesWithEffects", "/thumbnail", "/customXml")


def warm_up() -> None:
    """Read the template once, so that a fork of this process finds its modules loaded."""
    docx.Document()


def render_word(document: ReportDocument) -> bytes:
    """The document as a Word file; the same document gives the same bytes."""
    target = BytesIO()
    _Book(document).build().save(target)
    return finished(target.getvalue(), document)


class _Book:
    """One Word file under construction."""

    def __init__(self, document: ReportDocument) -> None:
        self.document = document
        self.formatter = Formatter(document.language, document.currency)
        self.file = docx.Document()
        self.width = _set_paper(self.file.sections[0], a4=document.paper == "a4")
        self.page = WordPage(self.file, self.formatter, self.width)

    def build(self) -> Document:
        _drop_unwanted(self.file)
        describe(self.file.core_properties, self.document)
        set_styles(self.file, self.document.theme, self.document.language)
        self._running_texts()
        self._cover()
        self._contents_title()
        title = self.page.end.getprevious()
        for section in self.document.sections:
            self.page.section(section)
        for entry in reversed(self._contents()):
            title.addnext(entry)
        return self.file

    def _cover(self) -> None:
        cover, words, page = self.document.cover, self.document.language, self.page
        band = [
            paragraph([Run(cover.organization or "")], "CoverOrganization"),
            paragraph([Run(label("report", words).upper())], "CoverKind"),
            paragraph([Run(cover.title)], "Title"),
            paragraph([Run(self.formatter.month(cover.period))], "CoverPeriod"),
        ]
        page.add(page.tables.band(band, self.document.theme.primary[1:].upper()))
        page.write(cover.project, "CoverProject")
        if cover.health:
            tone = status_tone(cover.health)
            mark = Run(MARKS[tone] + status_label(cover.health, words), bold=True, colour=TONES[tone])
            page.add(paragraph([Run(f"{label('health', words)}  "), mark], "CoverFact"))
        rows = [(name, value, False) for name, value in cover_facts(self.document, self.formatter)]
        page.add(page.tables.facts(rows, None, style="CoverFact"))

    def _contents_title(self) -> None:
        self.page.write(label("contents", self.document.language), "TOCHeading", Look(page_break=True))

    def _contents(self) -> list[Element]:
        """A table of contents that is filled without page numbers: no one has laid the pages out yet.

        Word adds them when its reader asks for an update of the field.
        """
        level = min(max((one.level for one in self.document.sections), default=1), CONTENT_LEVELS)
        entries = [
            paragraph([link(one.anchor, run(Run(one.text, language=one.language)))], f"TOC{one.level}")
            for one in self.page.headings
            if one.level <= level
        ]
        if entries:
            begin = (field_mark("begin"), instruction(f'TOC \\o "1-{level}" \\h \\z \\u'), field_mark("separate"))
            for position, mark in enumerate(begin, start=1):
                entries[0].insert(position, mark)
            entries[-1].append(field_mark("end"))
        return entries

    def _running_texts(self) -> None:
        pages, cover = self.file.sections[0], self.document.cover
        pages.different_first_page_header_footer = True
        head = pages.header.paragraphs[0]
        self._line(head, clipped(cover.project, _HEAD_LENGTH))
        head.add_run(self.formatter.month(cover.period))
        foot = pages.footer.paragraphs[0]
        self._line(foot, clipped(footnote(cover, self.formatter), _HEAD_LENGTH))
        before, _, rest = label("page_of", self.document.language).partition("{page}")
        for part in (before, "PAGE", rest.partition("{pages}")[0], "NUMPAGES"):
            foot._p.extend(field(part, "1") if part.isupper() else [run(Run(part))])  # noqa: SLF001 - python-docx has no other way to a field

    def _line(self, where: NativeParagraph, left: str) -> None:
        """A text to the left, and a stop for one to the right."""
        for stop in where.style.paragraph_format.tab_stops if where.style else ():
            where.paragraph_format.tab_stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        where.paragraph_format.tab_stops.add_tab_stop(self.width, WD_TAB_ALIGNMENT.RIGHT)
        where.add_run(f"{left}\t")


def _set_paper(pages: Pages, *, a4: bool) -> Length:
    """The size of the paper; returns the width of the text."""
    pages.page_width, pages.page_height = (Mm(210), Mm(297)) if a4 else (Inches(8.5), Inches(11))
    pages.left_margin = pages.right_margin = _MARGIN
    pages.top_margin = pages.bottom_margin = Inches(0.9)
    pages.header_distance = pages.footer_distance = Inches(0.45)
    return Length(pages.page_width - 2 * _MARGIN)


def _drop_unwanted(file: Document) -> None:
    for relations in (file.part.rels, file.part.package.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(_UNWANTED)]:
            del relations[key]
