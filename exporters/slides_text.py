"""How much room a text takes on a slide, by the advance widths of the bundled fonts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from math import ceil
from pathlib import Path
from unicodedata import combining, east_asian_width

from fontTools.ttLib import TTFont

_FONTS = Path(__file__).parent / "fonts"
_WEIGHTS = (400, 600, 700)
_UNKNOWN, _WIDE = 0.62, 1.0  # em, of a character that neither font has
_ELLIPSIS = "…"


def warm_up() -> None:
    """Read the fonts, so that a fork of this process doesn't have to."""
    for weight in _WEIGHTS:
        _advances(weight)
        font_data("latin", weight)
        font_data("latin-ext", weight)


@cache
def font_data(subset: str, weight: int) -> str:
    """A bundled font as base64."""
    return b64encode(_path(subset, weight).read_bytes()).decode("ascii")


def needs_extended(text: str) -> bool:
    """Whether the text has letters that only the extended fonts draw."""
    return not _extended().isdisjoint(text)


def text_width(text: str, weight: int = 400) -> float:
    """How wide a text is on one line, in em."""
    advances = _advances(weight)
    return sum(advances.get(letter) or _guess(letter) for letter in text)


def count_lines(text: str, width: float, weight: int = 400) -> int:
    """On how many lines a text is set that is `width` em wide; 1 at least."""
    return sum(_lines_of(line, max(width, 1.0), weight) for line in text.split("\n")) or 1


def shortened(text: str, width: float, lines: int, weight: int = 400) -> str:
    """The text if it fits on that many lines, else as much of it as does, with an ellipsis."""
    if len(text) <= lines or count_lines(text, width, weight) <= lines:
        return text
    low, high = 0, min(len(text), ceil(lines * width * 6))
    while low < high:
        middle = (low + high + 1) // 2
        fits = count_lines(text[:middle].rstrip() + _ELLIPSIS, width, weight) <= lines
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[: max(low, 1)].rstrip() + _ELLIPSIS


def _lines_of(line: str, width: float, weight: int) -> int:
    space = _advances(weight)[" "]
    lines, at = 1, 0.0
    for word in line.split(" "):
        wide = text_width(word, weight)
        if at and at + space + wide > width:
            lines, at = lines + 1, 0.0
        elif at:
            at += space
        lines += int((wide - 1e-9) // width) if wide > width else 0
        at = wide % width if wide > width else at + wide
    return lines


def _guess(letter: str) -> float:
    if combining(letter):
        return 0.0
    return _WIDE if east_asian_width(letter) in "WF" else _UNKNOWN


def _path(subset: str, weight: int) -> Path:
    return _FONTS / f"source-sans-3-{subset}-{weight}-normal.woff2"


@cache
def _advances(weight: int) -> Mapping[str, float]:
    return {**_read(_path("latin-ext", weight)), **_read(_path("latin", weight))}


@cache
def _extended() -> frozenset[str]:
    return frozenset(_read(_path("latin-ext", 400))) - frozenset(_read(_path("latin", 400)))


def _read(path: Path) -> dict[str, float]:
    with TTFont(path) as font:
        widths, em = font["hmtx"], font["head"].unitsPerEm
        return {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}
