"""Records, as JSON lists of objects, as typed tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeGuard

from exporters.document import Column, Table, Value, ValueType, read_value
from exporters.formatting import Formatter
from exporters.labels import label
from exporters.outline import is_scalar, one_line
from exporters.vocabulary import kind_of, percent_scale, split_language, title_of

Record = Mapping[str, Any]
_PROSE_LENGTH = 120
_SMALL = 4  # members of an object that become columns side by side
_PROSE_FIELDS = {"response", "action", "description", "mitigation", "notes", "comment", "commentary", "justification"}
_TOTALLED = {"categories"}


@dataclass(frozen=True, slots=True)
class _Field:
    """One column: the record's key, and the key inside it where a value is an object (a three-point estimate)."""

    key: str
    inner: str | None = None

    def read(self, record: Record, formatter: Formatter) -> Any:
        value: Any = record.get(self.key)
        if self.inner is not None:
            return value[self.inner] if _is_small_object(value) and self.inner in value else None
        if is_scalar(value):
            return value
        return None if _is_small_object(value) else one_line(value, formatter)


def is_records(value: Any) -> TypeGuard[Sequence[Record]]:
    """Whether `value` is a list of objects with something in them."""
    return (
        isinstance(value, (list, tuple)) and bool(value) and all(isinstance(item, Mapping) and item for item in value)
    )


def records_table(key: str, records: Sequence[Record], formatter: Formatter) -> Table:
    """A table of records under the title of their field, with a total where the records are parts of a whole."""
    plain = [{str(name): value for name, value in record.items()} for record in records]
    with_variance = [_with_variance(record) for record in plain] if key in _TOTALLED else plain
    fields = _fields(with_variance)
    raw = [[field.read(record, formatter) for record in with_variance] for field in fields]
    columns = tuple(_column(field, values, formatter) for field, values in zip(fields, raw, strict=True))
    cells = [_cells(field, column.kind, values) for field, column, values in zip(fields, columns, raw, strict=True)]
    rows = tuple(zip(*cells, strict=True))
    total = _total(columns, rows, formatter) if key in _TOTALLED else None
    return Table(title=title_of(key, formatter.language), columns=columns, rows=rows, total=total)


def _with_variance(record: Record) -> Record:
    planned, forecast = record.get("planned_amount"), record.get("forecast_amount")
    if "variance" in record or not all(isinstance(value, (int, float)) for value in (planned, forecast)):
        return record
    return {**record, "variance": Decimal(str(planned)) - Decimal(str(forecast))}


def _fields(records: Sequence[Record]) -> list[_Field]:
    fields: dict[_Field, None] = {}
    for record in records:
        for key, value in record.items():
            inner = list(value) if _is_small_object(value) else [None]
            fields.update(dict.fromkeys(_Field(key, name) for name in inner))
    return list(fields)


def _is_small_object(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and 0 < len(value) <= _SMALL
        and all(isinstance(name, str) and is_scalar(item) for name, item in value.items())
    )


def _column(field: _Field, values: Sequence[Any], formatter: Formatter) -> Column:
    name, language = split_language(field.key)
    group = title_of(name, formatter.language) if field.inner is not None else None
    return Column(
        key=field.key if field.inner is None else f"{field.key}.{field.inner}",
        title=title_of(field.inner if field.inner is not None else name, formatter.language),
        kind=kind_of(name, values),
        prose=_is_prose(name, values),
        group=group,
        language=language if language != formatter.language else None,
    )


def _is_prose(name: str, values: Sequence[Any]) -> bool:
    texts = [value for value in values if isinstance(value, str)]
    if not texts or name in {"title", "name", "decision"}:
        return False
    return name in _PROSE_FIELDS or max(map(len, texts)) > _PROSE_LENGTH


def _cells(field: _Field, kind: ValueType, values: Sequence[Any]) -> list[Value]:
    scale = percent_scale(field.key, values) if kind == "percent" else Decimal(1)
    read = (read_value(value, kind) for value in values)
    return [value * scale if kind == "percent" and isinstance(value, Decimal) else value for value in read]


def _total(
    columns: Sequence[Column], rows: Sequence[Sequence[Value]], formatter: Formatter
) -> tuple[Value, ...] | None:
    sums: list[Value] = []
    for position, column in enumerate(columns):
        amounts = [value for row in rows if isinstance(value := row[position], Decimal)]
        sums.append(sum(amounts, Decimal(0)) if column.kind == "money" else None)
    if len(rows) == 1 or columns[0].kind == "money" or not any(value is not None for value in sums):
        return None
    return (label("total", formatter.language), *sums[1:])
