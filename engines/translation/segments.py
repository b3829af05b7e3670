"""Segments as the memory keeps them, so that what is asked for and what is stored are written alike."""

from __future__ import annotations

import re
import unicodedata

LONGEST_SEGMENT = 10_000
"""In characters. What is longer is a document, and no match would ever be found for it."""

# Not the no-break spaces: French punctuation and numbers are written with them.
SPACE = re.compile(r"[ \t\r\n\f\v\u0085\u2028\u2029]+")
# Characters that stand for nothing a person wrote: controls, non-characters, and the mark of a broken encoding.
ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffd-\uffff]")


def normalize_segment(text: str) -> str:
    """Compose letters (NFC), make every run of spaces, tabs and line ends one space, and trim."""
    return SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def is_legible(text: str) -> bool:
    """Is there no character in it that nobody writes?"""
    return ILLEGAL.search(text) is None
