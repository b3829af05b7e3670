"""Sentences of running text, with their places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# After these a full stop ends no sentence.
ABBREVIATIONS = {
    "en": frozenset(
        {"mr", "mrs", "ms", "dr", "e.g", "i.e", "etc", "no", "nos", "vs", "st", "s", "ss", "para", "approx"}
    ),
    "fr": frozenset(
        {"m", "mm", "mme", "mlle", "dr", "p. ex", "ex", "c.-à-d", "etc", "no", "nos", "art", "al", "par", "s"}
    ),
}
ENDS = re.compile(r"[.!?…]+[\"»”\u2019)\]]*(?=\s+[\"«“\u2018(\[]?[A-ZÀ-ÖØ-Þ0-9])|\n\s*\n|\n(?=\s*(?:[-*•#]|\d+[.)]\s))")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place: `text == whole[start:end]`."""

    text: str
    start: int
    end: int


def split_sentences(text: str, language: str) -> tuple[Sentence, ...]:
    """Split `text` (`en` or `fr`) into sentences, in order, without the space around them. Nothing else is lost."""
    return tuple(_sentences(text, language))


def _sentences(text: str, language: str) -> Iterator[Sentence]:
    begin = 0
    for match in ENDS.finditer(text):
        if text[match.start()] == "." and _is_abbreviation(text[begin : match.start()], language):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, len(text))


def _is_abbreviation(before: str, language: str) -> bool:
    word = before.rsplit(maxsplit=1)[-1].lower().lstrip('(«"') if before.strip() else ""
    return word in ABBREVIATIONS[language]


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        yield Sentence(text[start:end], start, end)
