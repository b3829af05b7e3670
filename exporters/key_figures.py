"""The key figures of a report: those its metrics give, and those that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engines.performance.earned_value import Baseline, EarnedValue, index_health, measure, variance_health
from exporters.document import KeyFigure, KeyFigures, Tone, read_value
from exporters.formatting import Formatter
from exporters.labels import label, status_tone
from exporters.outline import is_scalar, one_line, scaled
from exporters.vocabulary import kind_of, title_of

Figures = Mapping[str, Decimal | None]

_AMOUNTS = {
    "budget_at_completion": ("budget_at_completion", "bac", "budget"),
    "planned_value": ("planned_value", "pv"),
    "earned_value": ("earned_value", "ev"),
    "actual_cost": ("actual_cost", "ac"),
}
_DERIVED = {
    "cost_performance_index": ("cost_index", "cpi"),
    "schedule_performance_index": ("schedule_index", "spi"),
    "percent_complete": ("percent_complete", "percentage_complete"),
    "estimate_at_completion": ("estimate_at_completion", "eac"),
    "estimate_to_complete": ("estimate_to_complete", "etc"),
    "cost_variance": ("cost_variance", "cv"),
    "schedule_variance": ("schedule_variance", "sv"),
    "variance_at_completion": ("variance_at_completion", "vac"),
    "to_complete_performance_index": ("to_complete_index", "tcpi"),
}
_STRIP = (
    *(
        "percent_complete",
        "cost_performance_index",
        "schedule_performance_index",
        "to_complete_performance_index",
    ),
    *("budget_at_completion", "earned_value", "actual_cost", "estimate_at_completion"),
)
_NOT_FIGURES = {"currency", "as_of", "trend"}


def read_figures(
    metrics: Mapping[str, Any], *, budget: Decimal | None, actual: Decimal | None, percentage: Decimal | None
) -> Figures:
    """The earned value figures of a report: as its metrics give them, and derived where they don't.

    `budget`, `actual` and `percentage` (0 to 100) are the project's own, for metrics that lack them.
    """
    amounts = {name: _metric(metrics, aliases) for name, aliases in _AMOUNTS.items()}
    budget = _first(amounts["budget_at_completion"], budget)
    earned = _first(
        amounts["earned_value"],
        None if budget is None or percentage is None else budget * percentage / 100,
    )
    actual = _first(amounts["actual_cost"], actual)
    planned = amounts["planned_value"]
    figures = {
        "budget_at_completion": budget,
        "planned_value": planned,
        "earned_value": earned,
        "actual_cost": actual,
    }
    derived = _derive(budget, planned, earned, actual)
    for name, (attribute, alias) in _DERIVED.items():
        given = _metric(metrics, (name, alias))
        figures[name] = _first(given, None if derived is None else getattr(derived, attribute))
    if planned is None:
        figures["schedule_variance"] = _metric(metrics, ("schedule_variance", "sv"))
    return figures


def _derive(
    budget: Decimal | None,
    planned: Decimal | None,
    earned: Decimal | None,
    actual: Decimal | None,
) -> EarnedValue | None:
    if budget is None or earned is None or actual is None:
        return None
    return measure(Baseline(budget, planned or Decimal(0), earned, actual))


def _metric(metrics: Mapping[str, Any], names: Sequence[str]) -> Decimal | None:
    for name in names:
        value = metrics.get(name)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            read = scaled("percent_complete" if "percent" in name else name, value)
            return _read_number(read)
    return None


def _read_number(value: Any) -> Decimal | None:
    """A value as a decimal, or None where it isn't a number."""
    read = read_value(value, "number")
    return read if isinstance(read, Decimal) else None


def _first(*values: Decimal | None) -> Decimal | None:
    return next((value for value in values if value is not None), None)


def figure_strip(figures: Figures, formatter: Formatter) -> Iterator[KeyFigures]:
    """The figures to be seen at a glance, each with what it is to be compared with."""
    strip = tuple(_figure(name, figures, formatter) for name in _STRIP if figures[name] is not None)
    if strip:
        yield KeyFigures(figures=strip)


def _figure(name: str, figures: Figures, formatter: Formatter) -> KeyFigure:
    kind = kind_of(name, [1])
    value = figures[name]
    shown = value.quantize(Decimal(1)) if kind == "money" and value is not None else value
    note = _note(name, figures, formatter)
    title = title_of(name, formatter.language)
    return KeyFigure(label=title, value=shown, kind=kind, note=note, tone=_tone(name, figures))


def _note(name: str, figures: Figures, formatter: Formatter) -> str | None:
    budget, planned = figures["budget_at_completion"], figures["planned_value"]
    if name == "percent_complete":
        return _share_note("note_planned", planned, budget, formatter)
    if name == "actual_cost":
        return _share_note("note_of_budget", figures[name], budget, formatter)
    if name == "earned_value":
        gap = figures["schedule_variance"]
        return _share_note("note_behind" if (gap or 0) < 0 else "note_ahead", gap, planned, formatter)
    if name == "estimate_at_completion":
        gap = figures["variance_at_completion"]
        return _share_note("note_over" if (gap or 0) < 0 else "note_under", gap, budget, formatter)
    if name == "to_complete_performance_index":
        return label("note_needed", formatter.language)
    limit = formatter.decimal(Decimal("0.95"))
    return label("note_on_track", formatter.language).format(limit=limit) if name.endswith("_index") else None


def _share_note(key: str, part: Decimal | None, whole: Decimal | None, formatter: Formatter) -> str | None:
    if part is None or not whole:
        return None
    return label(key, formatter.language).format(share=formatter.percent(abs(part) / whole))


def _tone(name: str, figures: Figures) -> Tone:
    if name in ("cost_performance_index", "schedule_performance_index"):
        return status_tone(index_health(figures[name]))
    if name != "estimate_at_completion":
        return "neutral"
    overrun = figures["variance_at_completion"]
    health = variance_health(
        overrun if overrun is not None and overrun < 0 else Decimal(0),
        figures["budget_at_completion"] or Decimal(0),
    )
    return status_tone(health)


def other_figures(metrics: Mapping[str, Any], figures: Figures, formatter: Formatter) -> Iterator[KeyFigures]:
    """Every other figure, and whatever else the metrics hold."""
    shown = [_figure(name, figures, formatter) for name in figures if name not in _STRIP and figures[name] is not None]
    known = {*_NOT_FIGURES, *(alias for names in _AMOUNTS.values() for alias in names)}
    known |= {alias for name, (_, short) in _DERIVED.items() for alias in (name, short)}
    for key, value in metrics.items():
        if key not in known:
            text = value if is_scalar(value) else one_line(value, formatter)
            shown.append(
                KeyFigure(
                    label=title_of(key, formatter.language),
                    value=scaled(key, text),
                    kind=kind_of(key, [text]),
                )
            )
    if shown:
        yield KeyFigures(figures=tuple(shown), style="list")
