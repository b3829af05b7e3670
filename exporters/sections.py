"""Section JSON as it is found in the wild, made into typed blocks without losing anything of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exporters.document import (
    Block,
    Bullets,
    KeyFigure,
    KeyFigures,
    Language,
    Paragraph,
    Section,
    Subheading,
)
from exporters.figures import chart_of
from exporters.formatting import Formatter
from exporters.labels import label
from exporters.outline import is_scalar, outline, scaled, text_blocks
from exporters.shapes import is_records, records_table
from exporters.vocabulary import kind_of, split_language, title_of

_ABOUT_THE_SECTION = {
    *("id", "section_id", "name", "title", "content", "language", "order", "required", "ai_enabled", "ai_generated"),
    *("confidence_score", "last_modified", "modified_by"),
}
_RUNNING_TEXT = {"commentary", "text", "summary", "narrative", "ai_generated_summary", "body"}
_LONG = 80
_DEEPEST = 3  # levels of subheadings; below them data is an outline


def normalise_section(raw: Any, formatter: Formatter, *, position: int = 1, charts: bool = True) -> Section:
    """One section of a report, whatever the shape of its JSON.

    Known names of lists (categories, milestones, risks and so on) become typed tables, with a chart before them.
    """
    about: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    content, language = (_content(about) if about else raw), _language(about.get("language"), formatter)
    blocks = [*_blocks(content, formatter, charts=charts)]
    fallback = f"{label('section', formatter.language)} {position}"
    return Section(
        id=_first_text(about, "id", "section_id") or f"section-{position}",
        title=_first_text(about, "name", "title") or fallback,
        language=language,
        blocks=tuple(blocks) or (Paragraph(text=label("none_given", formatter.language), style="note"),),
    )


def _content(section: Mapping[str, Any]) -> Any:
    """What the section holds: its content, and whatever else stands beside it under a name of its own."""
    beside = {str(key): value for key, value in section.items() if key not in _ABOUT_THE_SECTION}
    if not beside:
        return section.get("content")
    content = section.get("content")
    return beside if content is None else {"content": content, **beside}


def _language(raw: Any, formatter: Formatter) -> Language | None:
    language: Language | None = "fr" if raw == "fr" else "en" if raw == "en" else None
    return None if language == formatter.language else language


def _first_text(section: Mapping[str, Any], *keys: str) -> str:
    found = (
        str(section[key]).strip() for key in keys if section.get(key) not in (None, "") and is_scalar(section[key])
    )
    return next(found, "")


def _blocks(content: Any, formatter: Formatter, *, charts: bool, depth: int = 1) -> list[Block]:
    if content is None or content == "":
        return []
    if isinstance(content, str):
        return text_blocks(content)
    if isinstance(content, Mapping):
        return _object_blocks(
            {str(key): value for key, value in content.items()}, formatter, charts=charts, depth=depth
        )
    if is_scalar(content):
        return [Bullets(items=outline(content, formatter))]
    return _list_blocks("content", content, formatter, charts=charts)


def _object_blocks(content: Mapping[str, Any], formatter: Formatter, *, charts: bool, depth: int) -> list[Block]:
    """Running text first, then the short values together, then every list and object under its own title."""
    running = {key: value for key, value in content.items() if _is_running(key, value)}
    rest = {key: value for key, value in content.items() if key not in running}
    short = {key: value for key, value in rest.items() if is_scalar(value) and not _is_long(value)}
    blocks: list[Block] = []
    for key, value in running.items():
        blocks += text_blocks(value, _other(split_language(key)[1], formatter))
    if short:
        blocks.append(_facts(short, formatter))
    for key, value in rest.items():
        if key not in short:
            blocks += _named_blocks(key, value, formatter, charts=charts, depth=depth)
    return blocks


def _is_running(key: str, value: Any) -> bool:
    return isinstance(value, str) and split_language(key)[0] in {*_RUNNING_TEXT, "content"} and bool(value.strip())


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and (len(value) > _LONG or "\n" in value)


def _other(language: Language | None, formatter: Formatter) -> Language | None:
    return language if language != formatter.language else None


def _facts(values: Mapping[str, Any], formatter: Formatter) -> KeyFigures:
    figures = tuple(
        KeyFigure(label=title_of(key, formatter.language), value=scaled(key, value), kind=kind_of(key, [value]))
        for key, value in values.items()
    )
    return KeyFigures(figures=figures, style="list")


def _named_blocks(key: str, value: Any, formatter: Formatter, *, charts: bool, depth: int) -> list[Block]:
    title = title_of(split_language(key)[0], formatter.language)
    heading = Subheading(text=title, level=min(depth, _DEEPEST))
    if not is_scalar(value) and not value:
        text = label("none_in", formatter.language).format(title=title)
        return [Paragraph(text=text, style="note")]
    if isinstance(value, str):
        return [heading, *text_blocks(value, _other(split_language(key)[1], formatter))]
    if isinstance(value, Mapping):
        inner = _blocks(value, formatter, charts=charts, depth=depth + 1) if depth < _DEEPEST else None
        return [heading, *(inner or [Bullets(items=outline(value, formatter))])]
    if is_records(value):
        return _list_blocks(key, value, formatter, charts=charts)
    shown_by_section = key == "content"
    return (
        _list_blocks(key, value, formatter, charts=charts)
        if shown_by_section
        else [
            heading,
            *_list_blocks(key, value, formatter, charts=charts),
        ]
    )


def _list_blocks(key: str, values: Sequence[Any], formatter: Formatter, *, charts: bool) -> list[Block]:
    if is_records(values):
        chart = chart_of(key, values, formatter) if charts else None
        table = records_table(key, values, formatter)
        return [table] if chart is None else [chart, table]
    items = outline(values, formatter)
    return [Bullets(items=items)] if items else []
