"""Lists of a Word file: bullets and numbers by its list styles, every numbered list from one."""

from __future__ import annotations

from docx.document import Document
from docx.oxml.ns import qn

from exporters.document import Bullets
from exporters.word_xml import Look, element, value

_STYLED = 3  # levels that have a style of their own
_STEP = 360  # of indentation, in twentieths of a point


class Lists:
    """Knows the numberings of a file, and adds one for each numbered list."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.numberings = document.part.numbering_part.element

    def looks(self, block: Bullets) -> list[tuple[str, Look]]:
        """The style and look of each point."""
        running: dict[int, int] = {}
        made: list[tuple[str, Look]] = []
        for item in block.items:
            running = {level: number for level, number in running.items() if level <= item.level}
            indent = _STEP * (min(item.level, 12) + 1) if item.level >= _STYLED else None
            if block.ordered and item.level not in running:
                running[item.level] = self._restarted(item.level)
            look = Look(indent=indent, numbering=running.get(item.level))
            made.append((_style(item.level, ordered=block.ordered), look))
        return made

    def _restarted(self, level: int) -> int:
        """A numbering like that of the style, which begins with one."""
        style = self.document.styles[f"List Number{_suffix(level, ' ')}"].element
        like = style.find(f".//{qn('w:numId')}").get(qn("w:val"))
        kind = next(one for one in self.numberings.iter(qn("w:num")) if one.get(qn("w:numId")) == like)
        number = max(int(one.get(qn("w:numId"))) for one in self.numberings.iter(qn("w:num"))) + 1
        start = element("w:lvlOverride", {"w:ilvl": 0}, value("w:startOverride", 1))
        of = value("w:abstractNumId", kind.find(qn("w:abstractNumId")).get(qn("w:val")))
        self.numberings.append(element("w:num", {"w:numId": number}, of, start))
        return number


def _style(level: int, *, ordered: bool) -> str:
    return f"List{'Number' if ordered else 'Bullet'}{_suffix(level)}"


def _suffix(level: int, space: str = "") -> str:
    return f"{space}{min(level + 1, _STYLED)}" if level else ""
