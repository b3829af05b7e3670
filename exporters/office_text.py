"""How wide text stands on a page that another program lays out, and the marks that say a tone without colour."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

from exporters.document import Tone

TONES: dict[Tone, str] = {"neutral": "55606D", "good": "00604D", "warning": "7D4A00", "bad": "9C1C15"}
MARKS: dict[Tone, str] = {"neutral": "", "good": "● ", "warning": "▲ ", "bad": "◆ "}
INK, SOFT, LINE, PALE, TINT = "1D2530", "55606D", "CFD6DE", "F3F6F9", "E9EEF4"

# Shares of an em, on the wide side of Calibri's: the reader's machine may put a wider font in its place.
_NARROW, _USUAL, _CAPITAL, _WIDE = 0.32, 0.54, 0.68, 1.05
_NARROW_CHARACTERS = frozenset("iljtfrI.,;:!'|()[] \N{NO-BREAK SPACE}\N{RIGHT SINGLE QUOTATION MARK}-")
_WORD = re.compile(r"[^ \t\n]+[ \t]*|[ \t]+|\n")


def text_width(text: str, size: float) -> float:
    """About how many points a text of `size` points takes on one line."""
    return size * sum(map(_advance, text))


def _advance(character: str) -> float:
    if character in _NARROW_CHARACTERS:
        return _NARROW
    if ord(character) > ord("ⷿ") and (east_asian_width(character) in "WF" or ord(character) > ord("\uffff")):
        return _WIDE
    return _CAPITAL if character.isupper() or character in "mwMW%@" else _USUAL


def wrap(text: str, width: float, size: float) -> list[str]:
    """The lines of a text within `width` points; joined they are the text, spaces and line ends included."""
    lines = [""]
    for word in _WORD.findall(text):
        for piece in _pieces(word, width, size):
            if lines[-1].endswith("\n") or (lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width):
                lines.append("")
            lines[-1] += piece
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    """A word cut where it is wider than a whole line."""
    limit = max(int(width / (size * _WIDE)), 1)
    if len(word) <= limit or text_width(word.rstrip(), size) <= width:
        return [word]
    return [word[start : start + limit] for start in range(0, len(word), limit)]


def one_line(text: str) -> str:
    """A text with its line ends as spaces; spaces that don't break stay what they are."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def clipped(text: str, limit: int) -> str:
    """A text of at most `limit` characters on one line; a longer one ends in an ellipsis."""
    return shortened(one_line(text), limit)


def shortened(text: str, limit: int) -> str:
    """A text of at most `limit` characters, cut between words, since a number cut short is another number."""
    if len(text) <= limit:
        return text
    words = re.match(r"(?s)(.*\S)[ \t\n]", text[:limit])
    return (words[1] if words else text[: limit - 1]) + "…"
