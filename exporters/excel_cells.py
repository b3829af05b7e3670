"""Typed cells: numbers as numbers, dates as dates, and text that never becomes a formula."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from exporters.document import Language, Value, ValueType
from exporters.formatting import Formatter
from exporters.labels import status_label

MAX_TEXT = 32_767  # characters in a cell: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
_EXACT = Decimal(10) ** 15  # Excel keeps fifteen digits; a longer number stays text
_MAX_ROW_HEIGHT = 400.0
_FIRST_YEAR = 1900  # no date cell holds an earlier one

# openpyxl writes a font's parts in an order that the schema doesn't allow (ECMA-376 part 1, 18.8.22).
Font.__elements__ = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)

INK, SOFT, LINE = "FF1D2530", "FF55606D", "FFCFD6DE"
_ALIGN_TEXT = Alignment(vertical="top", wrap_text=True)
_ALIGN_NUMBER = Alignment(vertical="top", horizontal="right")
_RULE = Border(bottom=Side(style="thin", color=LINE))

AnyCell = Cell | MergedCell  # what a sheet's cell() is said to return; none that is written to here is merged

_FORMATS: dict[ValueType, str] = {
    "integer": "#,##0",
    "number": "#,##0.####",
    "index": "0.000",
    "percent": "0.0%",
    "days": "#,##0.#",
}
CURRENCY = {"CAD": "$", "USD": "US$", "EUR": "€", "GBP": "£"}


def number_format(kind: ValueType, formatter: Formatter, value: Value = None) -> str:
    """The format of a kind of value. Excel itself puts the reader's separators in."""
    if kind == "date" or isinstance(value, date):
        return "yyyy-mm-dd"
    if kind == "money":
        symbol = CURRENCY.get(formatter.currency, formatter.currency)
        whole = not isinstance(value, Decimal) or value == value.to_integral_value()
        digits = "#,##0" if whole else "#,##0.00"
        if formatter.language == "fr":
            return f'{digits}\N{NO-BREAK SPACE}"{symbol}"'
        return f'"{symbol}"{digits};-"{symbol}"{digits}'
    if kind in ("number", "days") and isinstance(value, (int, Decimal)) and value == Decimal(value).to_integral_value():
        return "#,##0"
    return _FORMATS.get(kind, "General")


def put(cell: AnyCell, value: Value, kind: ValueType, formatter: Formatter) -> None:
    """Write one value with its type, format and alignment."""
    if isinstance(value, bool):
        put_text(cell, formatter.value(value))
    elif isinstance(value, (int, Decimal)) and abs(Decimal(value)) < _EXACT:
        cell.value = value
        cell.number_format = number_format(kind, formatter, value)
        cell.alignment = _ALIGN_NUMBER
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        cell.value = value
        cell.number_format = number_format("date", formatter)
        cell.alignment = _ALIGN_NUMBER
    elif value is not None:
        put_text(cell, _text(value, kind, formatter.language))
    cell.border = _RULE


def _text(value: Value, kind: ValueType, language: Language) -> str:
    return status_label(value, language) if kind in ("status", "term") and isinstance(value, str) else str(value)


def put_text(cell: AnyCell, text: str, *, font: Font | None = None, wrap: bool = True) -> None:
    """Write text as text, whatever it begins with."""
    cell.value = text[:MAX_TEXT]
    cell.data_type = "s"
    cell.quotePrefix = bool(re.match(r"[=+\-@\t\r]", text))
    cell.alignment = _ALIGN_TEXT if wrap else Alignment(vertical="top")
    if font is not None:
        cell.font = font


def title_font(size: float, colour: str) -> Font:
    """A bold font in one of the document's colours."""
    return Font(name="Calibri", size=size, bold=True, color="FF" + colour.lstrip("#"))


def fill(colour: str) -> PatternFill:
    """A plain background."""
    return PatternFill("solid", start_color="FF" + colour.lstrip("#"))


def row_height(texts: list[tuple[str, float]]) -> float:
    """The height that wrapped texts need in columns of the given widths; Excel doesn't reckon it by itself."""
    lines = max(
        (sum(-(-max(len(line), 1) // max(int(width), 1)) for line in text.split("\n")) for text, width in texts),
        default=1,
    )
    return min(15.0 * lines + 1, _MAX_ROW_HEIGHT)
