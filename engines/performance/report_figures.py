"""The figures of a monthly report, read from its metrics and sections into typed values.

A report is JSON that people and services fill in. What can't be read is left out and counted: how much of a record
could be read says how far a statement about it can be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from engines.performance.earned_value import Baseline

T = TypeVar("T")
CONTINGENCY = re.compile(r"contingenc|imprévu|éventualité|réserve pour (les )?risques", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """One point of the cumulative trend."""

    month: date
    earned: Decimal
    actual: Decimal
    planned: Decimal | None

    @property
    def number(self) -> int:
        """The month, counted so that the next one is one more."""
        return month_number(self.month)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone with its baseline; done if and only if it has a completion date."""

    name: str
    baseline: date
    forecast: date | None
    completed: date | None


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A category of the budget."""

    name: str
    planned: Decimal
    forecast: Decimal

    @property
    def is_contingency(self) -> bool:
        """Is it money kept for risks rather than for work?"""
        return CONTINGENCY.search(self.name) is not None


@dataclass(frozen=True, slots=True)
class Risk:
    """An open risk. `low` and `high` bound its cost where the register states them."""

    id: str
    title: str
    probability: Decimal
    cost: Decimal
    low: Decimal | None
    high: Decimal | None

    @property
    def expected_cost(self) -> Decimal:
        """Probability times most likely cost."""
        return self.probability * self.cost


@dataclass(frozen=True, slots=True)
class Response:
    """What was promised against an open risk, and by when."""

    id: str
    title: str
    due: date


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """The records of a section that could be read, and how many there are in all."""

    records: tuple[T, ...] = ()
    of: int = 0

    @property
    def completeness(self) -> Decimal:
        """The share of the records that could be read."""
        return Decimal(len(self.records)) / self.of if self.of else Decimal(0)


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """What the rules know of a report. What is None or empty is not there."""

    as_of: date
    budget: Decimal | None = None
    planned: Decimal | None = None
    earned: Decimal | None = None
    actual: Decimal | None = None
    # Figures that the report states and that also follow from the four above.
    stated: Mapping[str, Decimal] = field(default_factory=dict)
    # In the order of the months.
    history: Read[Period] = field(default_factory=lambda: Read[Period]())
    milestones: Read[Milestone] = field(default_factory=lambda: Read[Milestone]())
    # Those too that can't be read.
    open_milestones: int = 0
    budget_lines: Read[BudgetLine] = field(default_factory=lambda: Read[BudgetLine]())
    risks: Read[Risk] = field(default_factory=lambda: Read[Risk]())
    responses: Read[Response] = field(default_factory=lambda: Read[Response]())
    allocated_hours: Decimal | None = None
    capacity_hours: Decimal | None = None
    inspected_units: Decimal | None = None
    rejected_units: Decimal | None = None

    @property
    def baseline(self) -> Baseline | None:
        """The four amounts, where budget, earned value and actual cost are there; no planned value counts as zero."""
        if self.budget is None or self.earned is None or self.actual is None:
            return None
        return Baseline(self.budget, self.planned or Decimal(0), self.earned, self.actual)


STATED = (
    "cost_performance_index",
    "schedule_performance_index",
    "cost_variance",
    "schedule_variance",
    "estimate_at_completion",
    "estimate_to_complete",
    "variance_at_completion",
    "to_complete_performance_index",
)


def read_report(
    metrics: Mapping[str, Any], sections: Sequence[Any], *, baseline: Mapping[str, Decimal | None], as_of: date
) -> ReportFigures:
    """Read a report.

    `baseline` holds `budget_at_completion`, `planned_value`, `earned_value` and `actual_cost`, under whatever names the
    metrics have them. `as_of` is the day that the figures speak of where the metrics name none.
    """
    milestones = _content(sections, "milestones")
    return ReportFigures(
        as_of=read_date(metrics.get("as_of")) or as_of,
        budget=baseline.get("budget_at_completion"),
        planned=baseline.get("planned_value"),
        earned=baseline.get("earned_value"),
        actual=baseline.get("actual_cost"),
        stated={name: value for name in STATED if (value := read_number(metrics.get(name))) is not None},
        history=_by_month(_read_all(metrics.get("trend"), read_period)),
        milestones=_read_all(milestones, read_milestone),
        open_milestones=sum(isinstance(row, Mapping) and is_open(row) for row in _list(milestones)),
        budget_lines=_read_all(_content(sections, "categories"), read_budget_line),
        risks=_read_all(_open(_content(sections, "risks")), read_risk),
        responses=_read_all(_open(_content(sections, "risks")), read_response),
        allocated_hours=read_number(metrics.get("allocated_hours")),
        capacity_hours=read_number(metrics.get("capacity_hours")),
        inspected_units=read_number(metrics.get("inspected_units")),
        rejected_units=read_number(metrics.get("rejected_units")),
    )


def _content(sections: Sequence[Any], name: str) -> Any:
    """The list called `name` in the first section whose content has one."""
    contents = (section.get("content") for section in sections if isinstance(section, Mapping))
    return next((content[name] for content in contents if isinstance(content, Mapping) and content.get(name)), None)


def _open(risks: Any) -> list[Any]:
    """The risks that aren't closed."""
    return [risk for risk in _list(risks) if not (isinstance(risk, Mapping) and risk.get("status") == "closed")]


def _list(values: Any) -> Sequence[Any]:
    return values if isinstance(values, Sequence) and not isinstance(values, str) else ()


def _read_all(values: Any, read: Callable[[Mapping[str, Any]], T | None]) -> Read[T]:
    listed = _list(values)
    return Read(tuple(_each(listed, read)), of=len(listed))


def _each(values: Sequence[Any], read: Callable[[Mapping[str, Any]], T | None]) -> Iterator[T]:
    for value in values:
        record = read(value) if isinstance(value, Mapping) else None
        if record is not None:
            yield record


def _by_month(history: Read[Period]) -> Read[Period]:
    return replace(history, records=tuple(sorted(history.records, key=lambda period: period.month)))


def month_number(day: date) -> int:
    """Count months, so that the next one is one more."""
    return day.year * 12 + day.month


def read_period(row: Mapping[str, Any]) -> Period | None:
    """Read a point of the trend; its month is `2026-10` or a day in it."""
    month = read_date(row.get("month")) or read_date(f"{row.get('month')}-01")
    earned, actual = read_number(row.get("earned_value")), read_number(row.get("actual_cost"))
    if month is None or earned is None or actual is None:
        return None
    return Period(month, earned, actual, read_number(row.get("planned_value")))


def read_milestone(row: Mapping[str, Any]) -> Milestone | None:
    """Read a milestone; one without a baseline can't be late."""
    name, baseline = row.get("name"), read_date(row.get("baseline_date"))
    if not name or baseline is None:
        return None
    return Milestone(
        str(name), baseline, read_date(row.get("forecast_date")), completed=read_date(row.get("completion_date"))
    )


def is_open(row: Mapping[str, Any]) -> bool:
    """Is a milestone, whatever else can be read of it, not completed?"""
    return read_date(row.get("completion_date")) is None


def read_budget_line(row: Mapping[str, Any]) -> BudgetLine | None:
    """Read a line of the budget with its plan and its forecast."""
    name, planned, forecast = (
        row.get("category"),
        read_number(row.get("planned_amount")),
        read_number(row.get("forecast_amount")),
    )
    return BudgetLine(str(name), planned, forecast) if name and planned is not None and forecast is not None else None


def read_risk(row: Mapping[str, Any]) -> Risk | None:
    """Read a risk with its probability (also as a percentage) and its cost, as one amount or as three points."""
    impact = row.get("cost_impact")
    points = impact if isinstance(impact, Mapping) else {"most_likely": impact}
    probability, cost = read_number(row.get("probability")), read_number(points.get("most_likely"))
    if probability is None or cost is None or not row.get("title"):
        return None
    share = probability / 100 if probability > 1 else probability
    return Risk(
        str(row.get("id") or row["title"]),
        str(row["title"]),
        share,
        cost,
        low=read_number(points.get("low")),
        high=read_number(points.get("high")),
    )


def read_response(row: Mapping[str, Any]) -> Response | None:
    """Read by when a risk is to be answered."""
    due = read_date(row.get("due_date"))
    return Response(str(row.get("id") or row["title"]), str(row["title"]), due) if due and row.get("title") else None


def read_number(value: Any) -> Decimal | None:
    """Read a number of JSON; truth values are none, and neither is what isn't finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_date(value: Any) -> date | None:
    """Read a day as ISO 8601 writes it, with or without a time."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
