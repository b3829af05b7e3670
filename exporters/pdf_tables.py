"""How a table is laid out on a page: what stands in columns, and what runs below its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exporters.document import Column, Table, Value
from exporters.formatting import Formatter, is_numeric

_CAPACITY = 124.0  # characters across the text width of a page, at the size of a table's text
_PADDING = 2.8
_TEXT_WIDTH = 34.0
_TIGHT_TEXT = 23.0
_PROSE_WIDTH = 42.0
_UNBREAKABLE = 26
_KEPT = 2  # the first columns, which name the row


@dataclass(frozen=True, slots=True)
class Cell:
    """One formatted value and how it is shown."""

    column: Column
    text: str
    raw: Value
    numeric: bool
    long: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A title over `span` columns; empty where the columns have none."""

    title: str
    span: int


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and those that run below it."""

    cells: tuple[Cell, ...]
    details: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table ready for the page. `widths` are percentages of its width."""

    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    total: Row | None


def lay_out(table: Table, formatter: Formatter, capacity: float = _CAPACITY) -> Layout:
    """Choose the columns that fit side by side; prose goes below its row first, then other text from the right.

    `capacity` is the width of the page in characters.
    """
    rows = [tuple(_cell(column, value, formatter) for column, value in _pairs(table, row)) for row in table.rows]
    weights = [_weight(column, [row[n] for row in rows]) for n, column in enumerate(table.columns)]
    shown = _fitting(
        table.columns,
        [_tight(column, weight) for column, weight in zip(table.columns, weights, strict=True)],
        capacity,
    )
    if sum(weights[n] for n in shown) > capacity:
        weights = [_tight(column, weight) for column, weight in zip(table.columns, weights, strict=True)]
    columns = tuple(table.columns[n] for n in shown)
    whole = sum(weights[n] for n in shown) or 1
    total = None
    if table.total is not None:
        total = tuple(_cell(column, value, formatter, empty="") for column, value in _pairs(table, table.total))
    return Layout(
        columns=columns,
        widths=tuple(round(100 * weights[n] / whole, 2) for n in shown),
        groups=_groups(columns),
        rows=tuple(_split(row, shown) for row in rows),
        total=None if total is None else Row(tuple(total[n] for n in shown), ()),
    )


def _pairs(table: Table, row: Sequence[Value]) -> list[tuple[Column, Value]]:
    return list(zip(table.columns, row, strict=True))


def _cell(column: Column, value: Value, formatter: Formatter, *, empty: str | None = None) -> Cell:
    text = empty if empty is not None and value is None else formatter.value(value, column.kind)
    numeric = is_numeric(column.kind) and not isinstance(value, str)
    return Cell(column, text, value, numeric, len(text) > _UNBREAKABLE)


def _weight(column: Column, cells: Sequence[Cell]) -> float:
    longest = max((len(cell.text) for cell in cells), default=0)
    heading = max(map(len, column.title.split()), default=0)
    if column.prose:
        return _PROSE_WIDTH + _PADDING
    limit = _UNBREAKABLE if is_numeric(column.kind) else _TEXT_WIDTH
    shape = 3.0 if column.kind == "status" else 0.0
    return max(min(longest, limit) + shape, min(heading, _TEXT_WIDTH) * 1.1, 4) + _PADDING


def _tight(column: Column, weight: float) -> float:
    """Text can be set narrower where the row would not fit otherwise: it wraps, figures don't."""
    return min(weight, _TIGHT_TEXT + _PADDING) if column.kind in ("text", "term") and not column.prose else weight


def _fitting(columns: Sequence[Column], weights: Sequence[float], capacity: float) -> list[int]:
    shown = list(range(len(columns)))
    for number in _expendable(columns):
        if sum(weights[n] for n in shown) <= capacity or len(shown) <= _KEPT:
            break
        shown.remove(number)
    return shown


def _expendable(columns: Sequence[Column]) -> list[int]:
    """Columns in the order in which they give way."""
    later = range(len(columns) - 1, _KEPT - 1, -1)
    prose = [n for n in later if columns[n].prose]
    texts = [n for n in later if n not in prose and columns[n].kind in ("text", "term", "date")]
    return [*prose, *texts, *(n for n in later if n not in prose and n not in texts)]


def _groups(columns: Sequence[Column]) -> tuple[Group, ...]:
    groups: list[Group] = []
    for column in columns:
        if groups and column.group and groups[-1].title == column.group:
            groups[-1] = Group(column.group, groups[-1].span + 1)
        else:
            groups.append(Group(column.group or "", 1))
    return tuple(groups) if any(group.title for group in groups) else ()


def _split(row: Sequence[Cell], shown: Sequence[int]) -> Row:
    below = [cell for n, cell in enumerate(row) if n not in shown and cell.raw not in (None, "")]
    ordered = sorted(below, key=lambda cell: cell.column.prose)
    return Row(tuple(row[n] for n in shown), tuple(ordered))
