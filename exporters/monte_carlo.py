"""A report's `monte_carlo_analysis` as blocks: key figures, percentiles, the curve of the cost, the main drivers.

Every part of it may be missing. What is of another type than expected is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from exporters.document import (
    Block,
    Column,
    KeyFigure,
    KeyFigures,
    LineChart,
    Paragraph,
    Series,
    Table,
    Value,
    ValueType,
    read_value,
)
from exporters.formatting import Formatter
from exporters.labels import label, status_label

_PERCENTILE = re.compile(r"p(\d{1,2})")
_AT_A_GLANCE = ("p50", "p80")
_CURVE_POINTS = 25  # of the drawn curve: few enough for whole amounts on the axis
_FEWEST = 2
_MAX_DRIVERS = 10
_MAX_DIGITS = 18
_KINDS = ("cost_line", "activity", "risk")
_EFFECTS = ("cost", "finish")


@dataclass(frozen=True, slots=True)
class _Analysis:
    """What could be read of an analysis."""

    cost: Mapping[str, Decimal]
    finish: Mapping[str, date]
    contingency: Mapping[str, Decimal]
    cost_target: Decimal | None
    finish_target: date | None
    within_cost: Decimal | None
    by_date: Decimal | None
    both: Decimal | None
    mean: Decimal | None
    deviation: Decimal | None
    curve: tuple[tuple[Decimal, Decimal], ...]
    drivers: tuple[Mapping[str, Any], ...]


def simulation_blocks(raw: Any, formatter: Formatter, *, charts: bool = True) -> tuple[Block, ...]:
    """The blocks of an analysis in the shape that `simulation.run` writes; none where it is of another shape."""
    analysis = _read(raw)
    if not (analysis.cost or analysis.finish):
        return ()
    shown = _Amounts(formatter, str(_mapping(raw).get("currency") or "").upper())
    blocks: list[Block] = [_glance(analysis, shown)]
    if charts and len(analysis.curve) >= _FEWEST:
        blocks.append(_curve(analysis, shown))
    blocks.append(_percentiles(analysis, shown))
    blocks += _spread(analysis, shown)
    if analysis.drivers:
        blocks.append(_drivers(analysis.drivers, formatter))
    return (*blocks, *_made(_mapping(raw), formatter))


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Amounts of the simulation. In another currency than the report's they are written out with their own."""

    formatter: Formatter
    currency: str

    @property
    def is_foreign(self) -> bool:
        return re.fullmatch("[A-Z]{3}", self.currency) is not None and self.currency != self.formatter.currency

    @property
    def kind(self) -> ValueType:
        return "text" if self.is_foreign else "money"

    @property
    def own(self) -> Formatter:
        return Formatter(self.formatter.language, self.currency) if self.is_foreign else self.formatter

    def value(self, amount: Decimal | None) -> Value:
        """The amount in whole units."""
        whole = None if amount is None else amount.quantize(Decimal(1))
        return whole if whole is None or not self.is_foreign else self.own.money(whole)

    def text(self, amount: Decimal) -> str:
        """The amount in whole units as it is read."""
        return self.own.money(amount.quantize(Decimal(1)))


def _read(raw: Any) -> _Analysis:
    whole = _mapping(raw)
    cost, schedule, curves = (
        _mapping(whole.get("cost")),
        _mapping(whole.get("schedule")),
        _mapping(whole.get("s_curve")),
    )
    amounts = {key: _number(value) for key, value in _percentile_items(cost.get("percentiles"))}
    dates = {key: _date(value) for key, value in _percentile_items(schedule.get("percentiles"))}
    reserves = {key: _number(value) for key, value in _percentile_items(cost.get("contingency"))}
    drivers = whole.get("tornado")
    return _Analysis(
        cost={key: value for key, value in amounts.items() if value is not None},
        finish={key: value for key, value in dates.items() if value is not None},
        contingency={key: value for key, value in reserves.items() if value is not None},
        cost_target=_number(cost.get("target")),
        finish_target=_date(schedule.get("target")),
        within_cost=_share(cost.get("probability_within_target")),
        by_date=_share(schedule.get("probability_by_target")),
        both=_share(whole.get("joint_probability")),
        mean=_number(cost.get("mean")),
        deviation=_number(cost.get("standard_deviation")),
        curve=tuple(_points(curves.get("cost"))),
        drivers=tuple(filter(_is_driver, drivers))[:_MAX_DRIVERS] if isinstance(drivers, Sequence) else (),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _percentile_items(value: Any) -> list[tuple[str, Any]]:
    """The members whose names are percentiles, by their number."""
    named = [(key, item) for key, item in _mapping(value).items() if _PERCENTILE.fullmatch(str(key))]
    return sorted(named, key=lambda pair: int(pair[0][1:]))


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    number = read_value(value, "number")
    return number if isinstance(number, Decimal) and number.adjusted() < _MAX_DIGITS else None


def _share(value: Any) -> Decimal | None:
    number = _number(value)
    return number if number is not None and 0 <= number <= 1 else None


def _date(value: Any) -> date | None:
    read = read_value(value, "date") if isinstance(value, str) else None
    return read if isinstance(read, date) else None


def _points(value: Any) -> Iterator[tuple[Decimal, Decimal]]:
    """Amounts that rise, each with its probability."""
    last: Decimal | None = None
    for point in value if isinstance(value, (list, tuple)) else ():
        pair = point if isinstance(point, (list, tuple)) and len(point) == _FEWEST else (None, None)
        amount, share = _number(pair[0]), _share(pair[1])
        if amount is not None and share is not None and (last is None or amount > last):
            yield amount, share
            last = amount


def _is_driver(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("name"), str) and bool(value["name"].strip())


def _glance(analysis: _Analysis, shown: _Amounts) -> KeyFigures:
    words = shown.formatter.language
    target = None if analysis.cost_target is None else shown.text(analysis.cost_target)
    day = None if analysis.finish_target is None else shown.formatter.day(analysis.finish_target)
    figures = [
        *(
            KeyFigure(
                label=_named("simulated_cost", key, words), value=shown.value(analysis.cost[key]), kind=shown.kind
            )
            for key in _AT_A_GLANCE
            if key in analysis.cost
        ),
        *(
            KeyFigure(
                label=_named("simulated_contingency", key, words),
                value=shown.value(analysis.contingency[key]),
                kind=shown.kind,
            )
            for key in _AT_A_GLANCE[-1:]
            if key in analysis.contingency
        ),
        *_chance("simulated_within", analysis.within_cost, target, shown.formatter),
        *(
            KeyFigure(label=_named("simulated_finish", key, words), value=analysis.finish[key], kind="date")
            for key in _AT_A_GLANCE
            if key in analysis.finish
        ),
        *_chance("simulated_by", analysis.by_date, day, shown.formatter),
        *_chance("simulated_both", analysis.both, None, shown.formatter),
    ]
    return KeyFigures(figures=tuple(figures))


def _named(key: str, percentile: str, words: Any) -> str:
    return label(key, words).format(percentile=percentile.upper())


def _chance(key: str, share: Decimal | None, target: str | None, formatter: Formatter) -> Iterator[KeyFigure]:
    if share is not None:
        note = None if target is None else label("simulated_target", formatter.language).format(target=target)
        yield KeyFigure(label=label(key, formatter.language), value=share, kind="percent", note=note)


def _percentiles(analysis: _Analysis, shown: _Amounts) -> Table:
    words = shown.formatter.language
    parts: list[tuple[Column, Mapping[str, Value]]] = []
    if analysis.cost:
        column = Column(key="cost", title=label("simulated_total", words), kind=shown.kind)
        parts.append((column, {key: shown.value(value) for key, value in analysis.cost.items()}))
    if analysis.contingency:
        column = Column(key="contingency", title=label("simulated_reserve", words), kind=shown.kind)
        parts.append((column, {key: shown.value(value) for key, value in analysis.contingency.items()}))
    if analysis.finish:
        column = Column(key="finish", title=label("simulated_end", words), kind="date")
        parts.append((column, dict(analysis.finish)))
    keys = sorted({key for _, values in parts for key in values}, key=lambda key: int(key[1:]))
    return Table(
        title=label("simulated_percentiles", words),
        columns=(
            Column(key="percentile", title=label("simulated_percentile", words)),
            *(column for column, _ in parts),
        ),
        rows=tuple((key.upper(), *(values.get(key) for _, values in parts)) for key in keys),
    )


def _spread(analysis: _Analysis, shown: _Amounts) -> Iterator[KeyFigures]:
    named = (("simulated_mean", analysis.mean), ("simulated_deviation", analysis.deviation))
    figures = tuple(
        KeyFigure(label=label(key, shown.formatter.language), value=shown.value(amount), kind=shown.kind)
        for key, amount in named
        if amount is not None
    )
    if figures:
        yield KeyFigures(figures=figures, style="list")


def _curve(analysis: _Analysis, shown: _Amounts) -> LineChart:
    words, points = shown.formatter.language, _evenly_spaced(analysis.curve)
    finding = _finding(analysis, shown)
    ends = {"low": shown.text(analysis.curve[0][0]), "high": shown.text(analysis.curve[-1][0])}
    series = Series(
        name=label("simulated_likelihood", words), role="earned", values=tuple(share for _, share in points)
    )
    return LineChart(
        title=label("simulated_curve", words),
        finding=finding,
        alternative=label("simulated_curve_alternative", words).format(finding=finding, **ends),
        categories=_axis([amount for amount, _ in points], shown),
        series=(series,),
        kind="percent",
    )


def _finding(analysis: _Analysis, shown: _Amounts) -> str:
    words = shown.formatter.language
    sentences = []
    if analysis.cost_target is not None and analysis.within_cost is not None:
        share = shown.formatter.percent(analysis.within_cost)
        text = label("simulated_curve_target", words)
        sentences.append(text.format(target=shown.text(analysis.cost_target), share=share))
    if "p50" in analysis.cost:
        sentences.append(label("simulated_curve_half", words).format(amount=shown.text(analysis.cost["p50"])))
    if not sentences:
        ends = {"low": shown.text(analysis.curve[0][0]), "high": shown.text(analysis.curve[-1][0])}
        sentences.append(label("simulated_curve_plain", words).format(**ends))
    return " ".join(sentences)


def _evenly_spaced(curve: Sequence[tuple[Decimal, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    """Points at equal steps of the amount, interpolated linearly: an axis of categories can show no other."""
    low, high = curve[0][0], curve[-1][0]
    amounts = [low + (high - low) * step / (_CURVE_POINTS - 1) for step in range(_CURVE_POINTS)]
    return [(amount, _interpolated(curve, amount)) for amount in amounts]


def _interpolated(curve: Sequence[tuple[Decimal, Decimal]], amount: Decimal) -> Decimal:
    after = bisect_left(curve, amount, key=lambda point: point[0])
    if after in (0, len(curve)):
        return curve[min(after, len(curve) - 1)][1]
    (left, below), (right, above) = curve[after - 1], curve[after]
    return below + (above - below) * (amount - left) / (right - left)


def _axis(amounts: Sequence[Decimal], shown: _Amounts) -> tuple[str, ...]:
    """Short amounts, or whole ones where the short ones could not be told apart."""
    short = tuple(shown.own.money_short(amount) for amount in amounts)
    return short if len(set(short)) > len(short) // 2 else tuple(map(shown.text, amounts))


def _drivers(drivers: Sequence[Mapping[str, Any]], formatter: Formatter) -> Table:
    words = formatter.language
    columns = (
        Column(key="name", title=label("simulated_driver", words)),
        Column(key="kind", title=label("simulated_kind", words)),
        Column(key="effect", title=label("simulated_effect", words)),
        Column(key="correlation", title=label("simulated_correlation", words), kind="number"),
    )
    rows = tuple(
        (
            driver["name"],
            _word("simulated_kind", driver.get("kind"), _KINDS, formatter),
            _word("simulated_effect", driver.get("effect"), _EFFECTS, formatter),
            None if (value := _number(driver.get("correlation"))) is None else round(value, 2),
        )
        for driver in drivers
    )
    return Table(title=label("simulated_drivers", words), columns=columns, rows=rows)


def _word(prefix: str, raw: Any, known: Sequence[str], formatter: Formatter) -> str | None:
    if not isinstance(raw, str):
        return None
    return label(f"{prefix}_{raw}", formatter.language) if raw in known else status_label(raw, formatter.language)


def _made(raw: Mapping[str, Any], formatter: Formatter) -> Iterator[Paragraph]:
    """How many iterations, and when."""
    count, day = _number(raw.get("iterations")), _date(raw.get("simulated_at"))
    sentences = []
    if count is not None:
        sentences.append(label("simulated_how", formatter.language).format(count=formatter.value(count, "integer")))
    if day is not None:
        sentences.append(label("simulated_when", formatter.language).format(day=formatter.day_long(day)))
    if sentences:
        yield Paragraph(text=" ".join(sentences), style="note")
