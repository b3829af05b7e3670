"""Free text and data of any depth as running text and bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from exporters.document import (
    Block,
    BulletItem,
    Bullets,
    Language,
    Paragraph,
    Value,
    read_value,
)
from exporters.formatting import Formatter
from exporters.vocabulary import kind_of, percent_scale, title_of

_BULLET = re.compile(r"^\s*[-*•]\s+(?=\S)")
_HARD_WRAPPED = 60


def is_scalar(value: Any) -> bool:
    """Whether a piece of JSON holds no other."""
    return not isinstance(value, (Mapping, list, tuple))


def scaled(key: str, value: Any, values: list[Any] | None = None) -> Value:
    """A raw value by the type that its field's name says; percentages become fractions."""
    among = [value] if values is None else values
    kind = kind_of(key, among)
    read = read_value(value, kind)
    if kind == "percent" and isinstance(read, Decimal):
        return read * percent_scale(key, among)
    return read


def text_blocks(text: str, language: Language | None = None) -> list[Block]:
    """Free text as paragraphs and bullets; lines that were only wrapped run on."""
    blocks: list[Block] = []
    for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if lines and all(_BULLET.match(line) for line in lines):
            items = tuple(BulletItem(text=_BULLET.sub("", line)) for line in lines)
            blocks.append(Bullets(items=items, language=language))
        elif lines:
            blocks.append(Paragraph(text=_join(lines), language=language))
    return blocks


def _join(lines: list[str]) -> str:
    wrapped = all(len(line) >= _HARD_WRAPPED for line in lines[:-1]) and not any(map(_BULLET.match, lines))
    return (" " if wrapped else "\n").join(lines)


def outline(content: Any, formatter: Formatter) -> tuple[BulletItem, ...]:
    """Data of any depth as bullets, in order. A stack instead of recursion: depth must not be able to end it."""
    items: list[BulletItem] = []
    stack: list[tuple[int, str | None, Any]] = [(0, None, content)]
    while stack:
        level, key, value = stack.pop()
        if is_scalar(value):
            items.append(BulletItem(text=_line(key, value, formatter), level=level))
            continue
        if key is not None:
            items.append(BulletItem(text=title_of(key, formatter.language), level=level))
            level += 1
        stack.extend((level, name, child) for name, child in reversed(list(_children(value))))
    return tuple(items)


def _children(value: Any) -> Iterator[tuple[str | None, Any]]:
    if isinstance(value, Mapping):
        yield from ((str(key), child) for key, child in value.items())
    else:
        yield from ((None, child) for child in value)


def _line(key: str | None, value: Any, formatter: Formatter) -> str:
    if key is None:
        return formatter.value(read_value(value, kind_of("", [value])), kind_of("", [value]))
    return (
        title_of(key, formatter.language) + formatter.colon + formatter.value(scaled(key, value), kind_of(key, [value]))
    )


def one_line(content: Any, formatter: Formatter) -> str:
    """Data of any depth as the text of one cell."""
    return "; ".join(item.text for item in outline(content, formatter))
