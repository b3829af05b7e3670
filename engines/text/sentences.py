"""Sentences of running text, with their places in it.

First the lines tell the blocks apart: a blank line, a heading, a list item or a line of a form (`Position Number:
208832`) begins a new one. Then full stops tell the sentences of a block apart, where they are not those of an
abbreviation, an initial or a list's number.
"""

# ruff: noqa: RUF001 - typographic quotation marks and dashes are what the patterns are about
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Somebody or something named always follows these: Dr. Roy, M. Roy, p. ex. Ottawa.
NEVER_END = {
    "en": frozenset({"mr", "mrs", "ms", "dr", "prof", "hon", "messrs", "e.g", "i.e", "cf", "vs", "viz", "approx"}),
    "fr": frozenset(
        {
            "m",
            "mm",
            "mme",
            "mmes",
            "mlle",
            "mlles",
            "dr",
            "dre",
            "me",
            "mgr",
            "prof",
            "hon",
            "cf",
            "p. ex",
            "p.ex",
            "par ex",
        }
        | {"c.-à-d", "c-à-d", "env", "ex"}
    ),
}
# Only where a number follows: s. 34, art. 12, no. 5, Sept. 3. "The answer is no. Nobody asked." ends.
BEFORE_NUMBER = frozenset(
    {"no", "nos", "n", "art", "arts", "al", "s", "ss", "sec", "sect", "para", "paras", "par", "p", "pp", "c", "ch"}
    | {"chap", "vol", "fig", "ann", "app", "cl", "subs", "div", "reg", "r", "tel", "tél", "ext", "poste"}
    | {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
    | {"janv", "févr", "fév", "avr", "juil", "déc"}
)
# Written with a capital these stand before a name: St. Lawrence. In small letters they may end: "on Main st."
BEFORE_NAME = frozenset({"St", "Ste", "Mt", "Ft", "Gen", "Col", "Capt", "Lt", "Sgt", "Sen", "Gov", "Rev", "Me"})
# What begins a sentence and no name: U.S. Government, but "… in the U.S. The Director …".
STARTERS = frozenset(
    {"The", "A", "An", "This", "That", "These", "Those", "It", "He", "She", "They", "We", "You", "In", "On", "At", "By"}
    | {"For", "If", "When", "Where", "While", "As", "To", "Each", "Every", "All", "No", "Any", "However", "Under"}
    | {"After", "Before", "Since", "Some", "Such", "There", "His", "Her", "Its", "Their", "Our", "Your"}
    | {"Le", "La", "Les", "Un", "Une", "Des", "Ce", "Cet", "Cette", "Ces", "Il", "Elle", "Ils", "Elles", "Nous", "Vous"}
    | {"Dans", "En", "Au", "Aux", "Pour", "Par", "Si", "Lorsque", "Quand", "Chaque", "Tout", "Toute", "Tous", "Toutes"}
    | {
        "Aucun",
        "Aucune",
        "Toutefois",
        "Après",
        "Avant",
        "Depuis",
        "Selon",
        "Son",
        "Sa",
        "Ses",
        "Leur",
        "Leurs",
        "Notre",
    }
)
# Parts of surnames: "J. Le Blanc" is one person.
PARTICLES = frozenset({"Le", "La", "Les", "Des", "A"})

LINE = re.compile(r"[^\n]*\n?")
HEADING = re.compile(r"\s{0,3}#{1,6}\s")
MARKER = re.compile(
    r"\s*(?:[-*+•▪◦‣·–—]\s|\d{1,3}(?:\.\d{1,3})*[.)]\s|\d{1,3}(?:\.\d{1,3})+\s|\(?[a-zA-Z]\)\s|\((?:[ivxlc]+|\d{1,3})\)\s"
    r"|\|)"
)
RULE = re.compile(r"\s*(?:[-*_=]\s?){3,}\s*$")
# A line of a form: a label, a colon, a value.
FIELD = re.compile(r"\s*\**[^\W\d_a-zß-öø-ÿ][^:.!?\n]{0,79}?[\s\u00a0\u202f]?:\**(?=\s)")
HARD_BREAK = re.compile(r"(?: {2,}|\\)\r?\n$")
# Full stops, then what closes with them: quotation marks (French ones after a space), brackets, emphasis.
END = re.compile(r"(?<![.!?…])[.!?…]++(?:[\"'”’)\]*_]|[ \u00a0\u202f]?»)*(?=\s)")
LONGEST_ABBREVIATION = 30
OPENERS = "\"'“‘«([*_¿¡ \u00a0\u202f\t\r\n"
LIST_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlcIVXLC]+)")
INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.[-\u2011]?)+[^\W\d_]{1,2}|[^\W\d_a-zà-öø-ÿ]")
ROMAN = re.compile(r"[IVXLC]+\b(?!['’])")
ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’]")
WORD_AFTER = re.compile(r"[\w’'.-]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place: `text == whole[start:end]`."""

    text: str
    start: int
    end: int


def split_sentences(text: str, language: str) -> tuple[Sentence, ...]:
    """Split `text` (`en` or `fr`, also `en-CA`) into sentences, in order, without the space around them.

    Nothing else is lost: the marks of headings and list items stay with them. No sentence goes beyond a blank line.
    """
    return tuple(
        sentence
        for start, end in _blocks(text)
        for sentence in _sentences(text, start, end, NEVER_END[language.partition("-")[0]])
    )


def without_mark(sentence: str) -> str:
    """Return a sentence without the mark of the heading or list item that it begins."""
    heading = HEADING.match(sentence)
    mark = heading or MARKER.match(sentence)
    return sentence[mark.end() :].lstrip() if mark else sentence


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each block begins and ends: a heading, a list item, a line of a form, a paragraph."""
    begin, before = 0, ""
    for match in LINE.finditer(text):
        if begin < match.start() and _begins_block(before, match.group()):
            yield begin, match.start()
            begin = match.start()
        before = match.group()
    yield begin, len(text)


def _begins_block(before: str, line: str) -> bool:
    if not before.strip() or not line.strip():
        return True
    if any(pattern.match(each) for pattern in (HEADING, RULE) for each in (before, line)):
        return True
    if MARKER.match(line) or HARD_BREAK.search(before):
        return True
    return bool(FIELD.match(before) and FIELD.match(line))


def _sentences(text: str, begin: int, end: int, never_end: frozenset[str]) -> Iterator[Sentence]:
    whole = begin
    for match in END.finditer(text, begin, end):
        if _ends(text, whole, match, end, never_end):
            yield from _trimmed(text, begin, match.end())
            begin = match.end()
    yield from _trimmed(text, begin, end)


def _ends(text: str, block: int, match: re.Match[str], end: int, never_end: frozenset[str]) -> bool:
    """Does a sentence end here? Only where what follows could begin one."""
    following = text[match.end() : end].lstrip(OPENERS)
    if not following or not (following[0].isupper() or following[0].isdigit()):
        return False
    if match.group()[0] != "." or match.group().startswith(".."):
        return True
    before = text[max(block, match.start() - LONGEST_ABBREVIATION) : match.start()]
    if match.start() - block < LONGEST_ABBREVIATION and LIST_NUMBER.fullmatch(before.strip("#-*+•▪◦‣·–— \t\r\n")):
        return False
    return not _is_abbreviation(before, following, never_end)


def _is_abbreviation(before: str, following: str, never_end: frozenset[str]) -> bool:
    """Is the full stop between the two that of an abbreviation, and no more?"""
    words = before.split()[-2:]
    last = words[-1].lstrip("([«“‘\"'*_") if words else ""
    lower = ELISION.sub("", last.lower()).replace("\u2011", "-")
    if lower in never_end or " ".join(words).lower().lstrip("([«“‘\"'*_") in never_end:
        return True
    if lower in BEFORE_NUMBER and (following[0].isdigit() or (lower not in {"no", "nos"} and ROMAN.match(following))):
        return True
    if lower == "ph" and following.startswith("D."):
        return True
    if last in BEFORE_NAME:
        return True
    if not INITIALS.fullmatch(last):
        return False
    after = WORD_AFTER.match(following)
    return not after or after.group() not in (STARTERS - PARTICLES if len(last) == 1 else STARTERS)


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        yield Sentence(text[start:end], start, end)
