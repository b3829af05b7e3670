"""The report document: what a report says, without a word on how a format shows it.

Every model is frozen and goes through JSON and back unchanged. Values stay raw and typed (a percentage is a fraction,
money is a decimal in the document's currency); an exporter formats them in the document's language.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from exporters.text import clean_text

Language = Literal["en", "fr"]
ValueType = Literal[
    "text", "integer", "number", "index", "money", "percent", "days", "date", "status", "term", "boolean"
]
Tone = Literal["neutral", "good", "warning", "bad"]
Value = str | bool | int | Decimal | date | None

NUMERIC_TYPES: frozenset[ValueType] = frozenset({"integer", "number", "index", "money", "percent", "days"})

_MAX_DIGITS = 400  # of an integer: Python refuses to print much longer ones


def _clean(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_clean)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class Model(BaseModel):
    """Base of every part of a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def read_value(value: Any, kind: ValueType) -> Value:
    """Read a raw value as `kind`; what doesn't fit stays the text it was, so that nothing is lost."""
    if value is None or isinstance(value, bool):
        return value
    if kind == "date":
        return _read_date(value)
    if kind in NUMERIC_TYPES:
        return _read_number(value, kind)
    return clean_text(str(value))


def _read_date(value: Any) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return clean_text(str(value))


def _read_number(value: Any, kind: ValueType) -> Value:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return clean_text(str(value))
    if not number.is_finite():
        return clean_text(str(value))
    if kind == "integer" and number == number.to_integral_value() and abs(number.adjusted()) < _MAX_DIGITS:
        return int(number)
    return number


class Paragraph(Model):
    """Running text. `lead` opens a section, `note` stands below others."""

    type: Literal["paragraph"] = "paragraph"
    text: Text
    style: Literal["body", "lead", "note"] = "body"
    language: Language | None = None


class Subheading(Model):
    """A title inside a section, one to three levels below it."""

    type: Literal["subheading"] = "subheading"
    text: Text
    level: int = Field(default=1, ge=1, le=3)
    language: Language | None = None


class BulletItem(Model):
    """One point of a list; `level` 0 is the outermost."""

    text: Text
    level: int = Field(default=0, ge=0)


class Bullets(Model):
    """A list of points, flat in order and indented by level."""

    type: Literal["bullets"] = "bullets"
    items: tuple[BulletItem, ...]
    ordered: bool = False
    language: Language | None = None


class KeyFigure(Model):
    """One figure with its name; `note` says what it is to be compared with."""

    label: Text
    value: Value
    kind: ValueType = "text"
    note: Text | None = None
    tone: Tone = "neutral"

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any) -> Any:
        return (
            {**data, "value": read_value(data.get("value"), data.get("kind", "text"))}
            if isinstance(data, dict)
            else data
        )


class KeyFigures(Model):
    """Figures to be seen at a glance (`strip`), or names and values one under the other (`list`)."""

    type: Literal["key_figures"] = "key_figures"
    figures: tuple[KeyFigure, ...]
    style: Literal["strip", "list"] = "strip"
    title: Text | None = None
    language: Language | None = None


class Column(Model):
    """A column of a table. `prose` marks long text, `group` a title shared with its neighbours."""

    key: Text
    title: Text
    kind: ValueType = "text"
    prose: bool = False
    group: Text | None = None
    language: Language | None = None


class Table(Model):
    """Rows of raw values under typed columns. `total` is a last row that sums the others up."""

    type: Literal["table"] = "table"
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    language: Language | None = None

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        kinds = [Column.model_validate(column).kind for column in data["columns"]]
        read = {"rows": tuple(_read_row(row, kinds) for row in data["rows"])}
        total = data.get("total")
        return {**data, **read, "total": None if total is None else _read_row(total, kinds)}

    @model_validator(mode="after")
    def _square(self) -> Table:
        rows = self.rows if self.total is None else (*self.rows, self.total)
        if any(len(row) != len(self.columns) for row in rows):
            raise ValueError(f"every row of {self.title!r} must have {len(self.columns)} values, one for each column")
        return self


def _read_row(row: Any, kinds: list[ValueType]) -> tuple[Value, ...]:
    return tuple(read_value(value, kind) for value, kind in zip(row, kinds, strict=True))


class Described(Model):
    """What every chart has: a title, its main finding, and a text that can stand in for it."""

    type: Literal["chart"] = "chart"
    title: Text
    finding: Text
    alternative: Text
    language: Language | None = None


class Series(Model):
    """One line or one set of bars; a missing value leaves a gap."""

    name: Text
    role: Literal["planned", "earned", "actual", "forecast", "other"] = "other"
    values: tuple[Decimal | None, ...]


class LineChart(Described):
    """Values over time."""

    chart: Literal["line"] = "line"
    categories: tuple[Text, ...]
    series: tuple[Series, ...]
    kind: ValueType = "money"


class BarChart(Described):
    """Values side by side, one group of bars for each category."""

    chart: Literal["bars"] = "bars"
    categories: tuple[Text, ...]
    series: tuple[Series, ...]
    kind: ValueType = "money"


class RiskPoint(Model):
    """A risk by its probability and impact, both from 0 to 1."""

    key: Text
    name: Text
    probability: float = Field(ge=0, le=1)
    impact: float = Field(ge=0, le=1)


class RiskMatrix(Described):
    """Risks by probability and impact; `bands` names the five fifths of the impact scale."""

    chart: Literal["matrix"] = "matrix"
    bands: tuple[Text, ...] = ()
    points: tuple[RiskPoint, ...]


class Milestone(Model):
    """A planned date, and the date it was reached or is now expected."""

    name: Text
    planned: date
    expected: date | None = None
    reached: bool = False
    tone: Tone = "neutral"
    status: Text | None = None


class Timeline(Described):
    """Milestones along the calendar."""

    chart: Literal["timeline"] = "timeline"
    milestones: tuple[Milestone, ...]
    today: date | None = None


Chart = Annotated[LineChart | BarChart | RiskMatrix | Timeline, Field(discriminator="chart")]


class Callout(Model):
    """A passage that must not be overlooked."""

    type: Literal["callout"] = "callout"
    title: Text
    text: Text
    tone: Tone = "neutral"
    language: Language | None = None


class Insight(Model):
    """An observation with what it is founded on. `confidence` is a fraction."""

    type: Literal["insight"] = "insight"
    title: Text
    text: Text
    category: Text | None = None
    sort: Text | None = None
    priority: Text | None = None
    confidence: Decimal | None = None
    validation: Text | None = None
    impact: Text | None = None
    actions: tuple[Text, ...] = ()
    tone: Tone = "neutral"
    language: Language | None = None


Block = Annotated[
    Paragraph | Subheading | Bullets | KeyFigures | Table | Chart | Callout | Insight,
    Field(discriminator="type"),
]


class Section(Model):
    """A titled part of the report. Sections are flat and in order; `level` 2 belongs to the last of level 1."""

    id: Text
    title: Text
    level: int = Field(default=1, ge=1, le=3)
    language: Language | None = None
    blocks: tuple[Block, ...] = ()


class Cover(Model):
    """What is said of the report before it begins."""

    title: Text
    project: Text
    organization: Text | None = None
    period: date
    status: Text
    version: int
    health: Text | None = None
    generated_at: datetime
    prepared_by: Text | None = None
    approved_by: Text | None = None
    confidentiality: Text | None = None


class Theme(Model):
    """The organization's colours."""

    primary: Colour = "#12355b"
    accent: Colour = "#0b7a75"


class ReportDocument(Model):
    """A whole report, ready for any exporter. `id` and `cover.generated_at` pin a file's metadata."""

    id: Text
    language: Language = "en"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CAD"
    paper: Literal["letter", "a4"] = "letter"
    theme: Theme = Theme()
    cover: Cover
    sections: tuple[Section, ...] = ()
