"""Slides: one HTML file that presents itself in any browser, with everything in it and nothing fetched."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from exporters import slides_text
from exporters.document import ReportDocument
from exporters.formatting import Formatter
from exporters.labels import label, status_label, status_tone
from exporters.slides_plan import Deck, plan
from exporters.slides_text import font_data, needs_extended, shortened

_TEMPLATES = Path(__file__).parent / "templates"
_WEIGHTS = (400, 600, 700)


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _script() -> str:
    return (_TEMPLATES / "slides.js").read_text(encoding="utf-8")


def warm_up() -> None:
    """Load what every rendering needs, so that a fork of this process doesn't have to."""
    slides_text.warm_up()
    _script()
    for name in ("slides.html.j2", "slides_page.html.j2", "slides.css.j2"):
        _environment().get_template(name)


def render_slides(document: ReportDocument) -> bytes:
    """The document as a deck of slides; the same document gives the same bytes."""
    formatter = Formatter(document.language, document.currency)
    deck = plan(document.sections, formatter)
    body = _body(document, deck, formatter)
    style, script = _style(document, deck, body), _script()
    page = _environment().get_template("slides_page.html.j2")
    text = page.render(
        document=document,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - made of the template, checked colours and the bundled fonts
        script=Markup(script),  # noqa: S704 - a file of this program
        body=Markup(body),  # noqa: S704 - a template has escaped it
        description=f"{label('report', document.language)}, {formatter.month(document.cover.period)}",
    )
    return text.encode("utf-8")


def _body(document: ReportDocument, deck: Deck, formatter: Formatter) -> str:
    template = _environment().get_template("slides.html.j2")
    return template.render(
        document=document,
        cover=document.cover,
        deck=deck,
        count=1 + len(deck.contents) + len(deck.slides),
        formatter=formatter,
        label=lambda key: label(key, document.language),
        status=lambda raw: status_label(raw, document.language),
        tone=status_tone,
        shortened=shortened,
        width_class=_width_class,
        foreign=lambda language: language if language not in (None, document.language) else None,
    )


def _style(document: ReportDocument, deck: Deck, body: str) -> str:
    subsets = ("latin", "latin-ext") if needs_extended(body) else ("latin",)
    fonts = [(subset, weight, font_data(subset, weight)) for subset in subsets for weight in _WEIGHTS]
    layouts = [part.content.layout for slide in deck.slides for part in slide.content if part.macro == "table"]
    widths = sorted({(_width_class(width), width) for layout in layouts for width in layout.widths})
    template = _environment().get_template("slides.css.j2")
    return template.render(theme=document.theme, fonts=fonts, widths=widths)


def _width_class(width: float) -> str:
    """The class of a column: the policy of the file forbids style attributes."""
    return f"w{round(width * 10)}"


def _policy(style: str, script: str) -> str:
    """What a browser may load for the file: its own style and script by their hashes, its own fonts, nothing else."""
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; font-src data:; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"
