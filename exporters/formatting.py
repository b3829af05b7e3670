"""Values as a reader in Canada expects them, by the Unicode CLDR's en_CA and fr_CA."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext

from babel.dates import format_date
from babel.numbers import format_compact_currency, format_currency, format_decimal

from exporters.document import NUMERIC_TYPES, Language, Value, ValueType
from exporters.labels import label, status_label

MISSING = "\N{EN DASH}"
_MILLION = 1_000_000
_PERCENT = {"en": "{}%", "fr": "{}\N{NO-BREAK SPACE}%"}
_DAYS = {"en": ("{} day", "{} days"), "fr": ("{} jour", "{} jours")}


@dataclass(frozen=True, slots=True)
class Formatter:
    """Formats raw values in one language and one currency."""

    language: Language
    currency: str = "CAD"

    @property
    def locale(self) -> str:
        """The CLDR locale, e.g. `fr_CA`."""
        return f"{self.language}_CA"

    @property
    def colon(self) -> str:
        """A colon with the spaces that the language sets around it."""
        return "\N{NO-BREAK SPACE}: " if self.language == "fr" else ": "

    def value(self, value: Value, kind: ValueType = "text", *, cents: bool = False) -> str:
        """One value of any kind; a missing one is a dash."""
        if value is None or value == "":
            return MISSING
        if isinstance(value, bool):
            return label("yes" if value else "no", self.language)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, (int, Decimal)):
            return self._number(Decimal(value), kind, cents=cents)
        return status_label(value, self.language) if kind in ("status", "term") else value

    def money(self, amount: Decimal, *, cents: bool = False) -> str:
        """An amount in whole units of the currency, or with cents."""
        digits = "#,##0.00" if cents else "#,##0"
        pattern = f"¤{digits};-¤{digits}" if self.language == "en" else f"{digits}\N{NO-BREAK SPACE}¤"
        return _plain(format_currency(amount, self.currency, pattern, self.locale, currency_digits=False))

    def money_short(self, amount: Decimal) -> str:
        """An amount for a chart's axis: $1.2M."""
        return _plain(
            format_compact_currency(amount, self.currency, locale=self.locale, fraction_digits=_digits(amount))
        )

    def percent(self, fraction: Decimal, digits: int = 1) -> str:
        """A fraction as a percentage."""
        return _PERCENT[self.language].format(self.decimal(fraction * 100, digits, fixed=False))

    def decimal(self, number: Decimal, digits: int = 2, *, fixed: bool = True) -> str:
        """A number with at most `digits` places, or exactly as many."""
        places = ("0" if fixed else "#") * digits
        return _plain(format_decimal(number, f"#,##0.{places}" if digits else "#,##0", self.locale))

    def day(self, day: date) -> str:
        """A day, e.g. Mar 1, 2026."""
        return _plain(format_date(day, "medium", self.locale))

    def day_long(self, day: date) -> str:
        """A day in full, e.g. March 1, 2026."""
        return _plain(format_date(day, "long", self.locale))

    def month(self, day: date) -> str:
        """A month, e.g. March 2026."""
        return _plain(format_date(day, "MMMM y", self.locale))

    def month_short(self, day: date) -> str:
        """A month on an axis, e.g. Mar 26."""
        return _plain(format_date(day, "MMM yy", self.locale))

    def days(self, number: Decimal) -> str:
        """A length of time in days."""
        one, many = _DAYS[self.language]
        return (one if abs(number) == 1 else many).format(self.decimal(number, 1, fixed=False))

    def _number(self, number: Decimal, kind: ValueType, *, cents: bool) -> str:
        with localcontext(prec=max(28, abs(number.adjusted()) + 12)):
            if kind == "money":
                return self.money(number, cents=cents or number != number.to_integral_value())
            if kind == "percent":
                return self.percent(number)
            if kind == "index":
                return _plain(format_decimal(number, "#,##0.000", self.locale))
            return self.decimal(number, 0 if kind == "integer" else 4, fixed=False)


def is_numeric(kind: ValueType) -> bool:
    """Whether values of this kind stand right-aligned."""
    return kind in NUMERIC_TYPES


def day_of(moment: date | datetime) -> date:
    """The calendar day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def _digits(amount: Decimal) -> int:
    return 1 if abs(amount) >= _MILLION else 0


def _plain(text: str) -> str:
    """CLDR's narrow no-break space is missing from most fonts: its plain sister reads the same."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")
