"""Charts described from the records of a report, each with its main finding and a text that can stand in for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from exporters.document import (
    BarChart,
    LineChart,
    Milestone,
    RiskMatrix,
    RiskPoint,
    Series,
    Timeline,
    read_value,
)
from exporters.formatting import MISSING, Formatter
from exporters.labels import label, status_tone
from exporters.vocabulary import title_of

AnyChart = LineChart | BarChart | RiskMatrix | Timeline
Records = Sequence[Mapping[str, Any]]

_CLOSED = {"closed", "resolved", "cancelled", "rejected", "realized"}
_FEWEST = 2  # with less there is nothing to compare
_MAX_BARS = 14
_MAX_DIGITS = 18
_MAX_MILESTONES = 30


def chart_of(key: str, records: Records, formatter: Formatter) -> AnyChart | None:
    """The chart that suits a known list of records, or None where there is nothing to draw."""
    maker = _MAKERS.get(key)
    return maker(records, formatter) if maker else None


def trend_chart(records: Records, formatter: Formatter) -> LineChart | None:
    """Planned value, earned value and actual cost by month, the S-curve of a project."""
    roles = {"planned_value": "planned", "earned_value": "earned", "actual_cost": "actual"}
    points = [record for record in records if all(_number(record, field) is not None for field in roles)]
    if len(points) < _FEWEST:
        return None
    months = tuple(_month(record.get("month"), formatter) for record in points)
    series = tuple(
        Series.model_validate(
            {
                "name": title_of(field, formatter.language),
                "role": role,
                "values": tuple(_number(record, field) for record in points),
            }
        )
        for field, role in roles.items()
    )
    finding = _trend_finding(points[-1], formatter)
    text = label("ev_alternative", formatter.language)
    return LineChart(
        title=title_of("trend", formatter.language),
        finding=finding,
        alternative=text.format(first=months[0], last=months[-1], finding=finding),
        categories=months,
        series=series,
    )


def _trend_finding(last: Mapping[str, Any], formatter: Formatter) -> str:
    planned, earned, actual = (
        _number(last, field) or Decimal(0) for field in ("planned_value", "earned_value", "actual_cost")
    )
    words = formatter.language
    cost = label("ev_over" if actual > earned else "ev_under", words).format(cv=formatter.money(abs(actual - earned)))
    text = label("ev_behind" if earned < planned else "ev_ahead", words)
    return text.format(sv=formatter.money(abs(earned - planned)), cost=cost)


def _month(raw: Any, formatter: Formatter) -> str:
    day = read_value(f"{raw}-01" if str(raw).count("-") == 1 else raw, "date")
    return formatter.month_short(day) if isinstance(day, date) else str(raw)


def budget_bars(records: Records, formatter: Formatter) -> BarChart | None:
    """Planned, actual and forecast amounts of each category."""
    roles = {"planned_amount": "planned", "forecast_amount": "forecast", "actual_amount": "actual"}
    named = [record for record in records if str(record.get("category") or record.get("name") or "")]
    present = {field: role for field, role in roles.items() if any(_number(record, field) for record in named)}
    if not _FEWEST <= len(named) <= _MAX_BARS or "planned_amount" not in present:
        return None
    series = tuple(
        Series.model_validate(
            {
                "name": title_of(field, formatter.language),
                "role": role,
                "values": tuple(_number(record, field) for record in named),
            }
        )
        for field, role in present.items()
    )
    finding = _bars_finding(named, formatter)
    names = tuple(str(record.get("category") or record.get("name")) for record in named)
    text = label("bars_alternative", formatter.language)
    described = text.format(series=", ".join(one.name for one in series), count=len(names), finding=finding)
    title = label("bars_title", formatter.language)
    return BarChart(title=title, finding=finding, alternative=described, categories=names, series=series)


def _bars_finding(records: Records, formatter: Formatter) -> str:
    over = [(excess, _name(record)) for record in records if (excess := _excess(record)) > 0]
    if not over:
        return label("bars_within", formatter.language)
    amount, name = max(over)
    text = label("bars_over", formatter.language)
    return text.format(count=len(over), all=len(records), name=name, amount="+" + formatter.money(amount))


def _excess(record: Mapping[str, Any]) -> Decimal:
    planned, forecast = _number(record, "planned_amount"), _number(record, "forecast_amount")
    return Decimal(0) if planned is None or forecast is None else forecast - planned


def risk_matrix(records: Records, formatter: Formatter) -> RiskMatrix | None:
    """Open risks by probability and by their most likely cost, relative to the largest."""
    open_risks = [(record, cost) for record in records if (cost := _risk_cost(record)) is not None]
    largest = max((cost for _, cost in open_risks), default=Decimal(0))
    if len(open_risks) < _FEWEST or largest <= 0:
        return None
    points = tuple(_risk_point(record, cost / largest) for record, cost in open_risks)
    worst, cost = max(open_risks, key=lambda pair: _probability(pair[0]) * pair[1])
    amount = formatter.money(Decimal(round(_probability(worst) * cost)))
    finding = label("matrix_finding", formatter.language).format(
        count=len(points), name=_name(worst), key=worst.get("id", MISSING), amount=amount
    )
    listed = "; ".join(f"{point.key} {formatter.percent(Decimal(str(point.probability)))}" for point in points)
    bands = tuple(
        label("up_to", formatter.language).format(amount=formatter.money_short(largest * n / 5)) for n in range(1, 6)
    )
    return RiskMatrix(
        title=label("matrix_title", formatter.language),
        finding=finding,
        alternative=label("matrix_alternative", formatter.language).format(finding=finding, list=listed + "."),
        points=points,
        bands=bands,
    )


def _risk_cost(record: Mapping[str, Any]) -> Decimal | None:
    """The most likely cost of an open risk that has a probability."""
    if str(record.get("status", "")).lower() in _CLOSED or not 0 < _probability(record) <= 1:
        return None
    impact = record.get("cost_impact", record.get("impact"))
    cost = _number(impact, "most_likely") if isinstance(impact, Mapping) else _number({"impact": impact}, "impact")
    return cost if cost is not None and cost >= 0 else None


def _risk_point(record: Mapping[str, Any], impact: Decimal) -> RiskPoint:
    key = str(record.get("id") or _name(record)[:12])
    return RiskPoint(key=key, name=_name(record), probability=float(_probability(record)), impact=float(impact))


def _probability(record: Mapping[str, Any]) -> Decimal:
    return _number(record, "probability") or Decimal(0)


def milestone_timeline(records: Records, formatter: Formatter) -> Timeline | None:
    """Baseline dates of milestones beside the dates they were reached or are now expected."""
    milestones = tuple(made for record in records if (made := _milestone(record)) is not None)
    if not _FEWEST <= len(milestones) <= _MAX_MILESTONES:
        return None
    late = [(_slip(one), one.name) for one in milestones if not one.reached and _slip(one) > 0]
    words = formatter.language
    slip = label("timeline_no_slip", words)
    if late:
        days, name = max(late)
        slip = label("timeline_slip", words).format(days=formatter.days(Decimal(days)), name=name)
    done = sum(one.reached for one in milestones)
    finding = label("timeline_finding", words).format(done=done, count=len(milestones), slip=slip)
    described = label("timeline_alternative", words).format(count=len(milestones), finding=finding)
    return Timeline(title=label("timeline_title", words), finding=finding, alternative=described, milestones=milestones)


def _slip(milestone: Milestone) -> int:
    return ((milestone.expected or milestone.planned) - milestone.planned).days


def _milestone(record: Mapping[str, Any]) -> Milestone | None:
    planned = read_value(record.get("baseline_date", record.get("planned_date")), "date")
    reached = read_value(record.get("completion_date", record.get("actual_date")), "date")
    forecast = read_value(record.get("forecast_date"), "date")
    if not isinstance(planned, date) or not _name(record):
        return None
    expected = reached if isinstance(reached, date) else forecast if isinstance(forecast, date) else None
    status = str(record.get("status") or "")
    done = isinstance(reached, date) or status.lower() in {"completed", "complete", "done", "achieved", "met"}
    return Milestone(
        name=_name(record),
        planned=planned,
        expected=expected,
        reached=done,
        tone=status_tone(status),
        status=status or None,
    )


def _name(record: Mapping[str, Any]) -> str:
    return str(record.get("title") or record.get("name") or record.get("category") or record.get("milestone") or "")


def _number(record: Mapping[str, Any], field: str) -> Decimal | None:
    value = record.get(field)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    number = read_value(value, "number")
    return number if isinstance(number, Decimal) and number.adjusted() < _MAX_DIGITS else None


_MAKERS: dict[str, Callable[[Records, Formatter], AnyChart | None]] = {
    "categories": budget_bars,
    "milestones": milestone_timeline,
    "risks": risk_matrix,
    "trend": trend_chart,
}
