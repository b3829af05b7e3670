"""PDF/UA-1 by WeasyPrint: HTML from templates, nothing fetched but the bundled fonts."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pydyf
from fontTools.ttLib.woff2 import decompress
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from exporters.charts import draw
from exporters.document import Language, ReportDocument, Section
from exporters.formatting import Formatter
from exporters.labels import label, status_label, status_tone
from exporters.pdf_tables import lay_out

# Without HarfBuzz's subsetter WeasyPrint warns and falls back to fontTools; both are fine here.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="HarfBuzz-Subset", category=DeprecationWarning)
    from weasyprint import HTML, Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

_HERE = Path(__file__).parent
_ASSETS = "asset:"


class BundledOnly(URLFetcher):  # type: ignore[misc]
    """Gives out the bundled fonts and refuses every other address, be it a file, a host or a data URL."""

    def __init__(self) -> None:
        super().__init__(timeout=0, allowed_protocols=(), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's signature
        """The asset of that name."""
        font = _fonts().get(url.removeprefix(_ASSETS)) if url.startswith(_ASSETS) else None
        if font is None:
            raise ValueError(f"A report may not fetch {url[:200]!r}: only its bundled fonts are allowed.")
        return URLFetcherResponse(url, font, {"Content-Type": "font/ttf"})


@cache
def _fonts() -> dict[str, bytes]:
    """The bundled fonts, unpacked once: WeasyPrint would unpack them again for every file, at 0.1 s each."""
    return {path.stem: _unpacked(path) for path in sorted((_HERE / "fonts").glob("*.woff2"))}


def _unpacked(path: Path) -> bytes:
    font = BytesIO()
    decompress(path, font)
    return font.getvalue()


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def warm_up() -> None:
    """Load what every rendering needs, so that a fork of this process doesn't have to."""
    _fonts()
    for name in ("report.html.j2", "report.css.j2"):
        _environment().get_template(name)


def render_pdf(document: ReportDocument) -> bytes:
    """The document as an accessible PDF; the same document gives the same bytes."""
    with _pinned_clock(document.cover.generated_at):
        html = HTML(string=report_html(document), base_url=None, url_fetcher=BundledOnly())
        rendered = html.render(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")
        identifier = sha256(document.model_dump_json().encode()).digest()[:16]
        pdf: bytes = rendered.write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=_Finisher(document.language)
        )
    return pdf


def report_html(document: ReportDocument) -> str:
    """The document as the HTML that is laid out."""
    formatter = Formatter(document.language, document.currency)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            document=document,
            cover=document.cover,
            formatter=formatter,
            fonts=sorted(_fonts()),
            headings=_heading_levels(document.sections),
            label=lambda key: label(key, document.language),
            page_of=_page_of(document.language),
            status=lambda raw: status_label(raw, document.language),
            tone=status_tone,
            lay_out=lambda table: lay_out(table, formatter),
            draw=lambda chart: Markup(draw(chart, formatter)),  # noqa: S704 - the writer escapes every text
            foreign=lambda language: language if language not in (None, document.language) else None,
        )
    )


def _page_of(language: Language) -> tuple[str, str]:
    """The words before the page's number and before the number of pages."""
    before, _, rest = label("page_of", language).partition("{page}")
    return before, rest.partition("{pages}")[0]


def _heading_levels(sections: Sequence[Section]) -> list[int]:
    """Levels of the sections' headings, 2 to 4. A reader may not meet a level before the one above it."""
    levels: list[int] = []
    for section in sections:
        levels.append(min(section.level + 1, (levels[-1] if levels else 1) + 1))
    return levels


@contextmanager
def _pinned_clock(moment: datetime) -> Iterator[None]:
    """Where HarfBuzz can't subset, fontTools writes the time of day into the fonts, or what this variable says."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(max(int(moment.timestamp()), 0))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


class _Finisher:
    """Adds to the tags what WeasyPrint leaves out: the language of passages, and the scope of header cells.

    The templates use `article` for passages in the other language and for nothing else, so that they can be told.
    """

    def __init__(self, language: Language) -> None:
        self._other = "fr-CA" if language == "en" else "en-CA"

    def __call__(self, _document: Document, pdf: pydyf.PDF) -> None:
        elements: dict[Any, Any] = {
            element.reference: element
            for element in pdf.objects
            if isinstance(element, pydyf.Dictionary) and element.get("Type") == "/StructElem"
        }
        for element in elements.values():
            if element["S"] == "/Art":
                element["Lang"] = pydyf.String(self._other)
            elif element["S"] == "/TH" and "A" in element:
                row = elements[element["P"]]
                in_head = elements[row["P"]]["S"] == "/THead"
                element["A"]["Scope"] = "/Column" if in_head else "/Row"
