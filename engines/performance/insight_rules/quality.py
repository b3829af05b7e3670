"""Rules about people's hours, about rejected work, and about the report's own figures."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from contracts.args.reports import InsightCategory

from engines.performance.insight_rules.common import disagreements, measured_history, tolerance
from engines.performance.insight_thresholds import FULL_SAMPLE, FULL_USE, MANY_REJECTS, SOME_REJECTS, TIGHT_USE
from engines.performance.insights import FigureKind, Finding, InsightType, Priority, Rule, cite
from engines.performance.report_figures import ReportFigures

METRICS = ("metrics",)


def find_hours(figures: ReportFigures) -> Iterable[Finding] | None:
    """Hours promised to the work against hours that there are."""
    if figures.allocated_hours is None or not figures.capacity_hours or figures.capacity_hours < 0:
        return None
    use = figures.allocated_hours / figures.capacity_hours
    if use <= TIGHT_USE.value:
        return []
    over = use > FULL_USE.value
    cited = {
        "allocated_hours": cite(figures.allocated_hours, "integer"),
        "capacity_hours": cite(figures.capacity_hours, "integer"),
        "utilization": cite(use, "percent", "allocated hours / capacity hours"),
    }
    return [
        Finding(
            variant="over" if over else "tight",
            type=InsightType.ALERT,
            priority=Priority.HIGH if over else Priority.MEDIUM,
            figures=cited,
            grounds=measured_history(figures),
            sources=METRICS,
        )
    ]


def find_rejects(figures: ReportFigures) -> Iterable[Finding] | None:
    """The share of inspected work that was rejected."""
    if figures.rejected_units is None or not figures.inspected_units or figures.inspected_units < 0:
        return None
    share = figures.rejected_units / figures.inspected_units
    some = share > SOME_REJECTS.value
    cited = {
        "inspected_units": cite(figures.inspected_units, "integer"),
        "rejected_units": cite(figures.rejected_units, "integer"),
        "rejected_share": cite(share, "percent", "rejected units / inspected units"),
    }
    return [
        Finding(
            variant="some" if some else "few",
            type=InsightType.ALERT if some else InsightType.SUMMARY,
            priority=Priority.HIGH if share > MANY_REJECTS.value else Priority.MEDIUM if some else Priority.LOW,
            figures=cited,
            grounds={"sample": min(Decimal(1), figures.inspected_units / FULL_SAMPLE.value)},
            sources=METRICS,
        )
    ]


def find_disagreement(figures: ReportFigures) -> Iterable[Finding] | None:
    """A stated figure that doesn't follow from the amounts beside it; the one furthest off."""
    if figures.baseline is None or not figures.stated:
        return None
    wrong = disagreements(figures)
    if not wrong:
        return []
    name = max(wrong, key=lambda name: abs(wrong[name][0] - wrong[name][1]) / tolerance(name))
    stated, follows = wrong[name]
    kind: FigureKind = "index" if name.endswith("_index") else "money"
    amounts = {
        "budget_at_completion": figures.budget,
        "planned_value": figures.planned,
        "earned_value": figures.earned,
        "actual_cost": figures.actual,
    }
    cited = {
        "figure": cite(name, "name"),
        "stated": cite(stated, kind),
        "calculated": cite(follows, kind, f"{name} from BAC, PV, EV and AC"),
        **{key: cite(value, "money") for key, value in amounts.items() if value is not None},
        "figures_in_doubt": cite(len(wrong), "integer", "count of stated figures that do not follow"),
        "figures_stated": cite(len(figures.stated), "integer", "count of stated figures"),
    }
    return [
        Finding(
            variant="wrong",
            type=InsightType.ALERT,
            priority=Priority.HIGH,
            figures=cited,
            grounds={"completeness": Decimal(sum(value is not None for value in amounts.values())) / len(amounts)},
            sources=METRICS,
            subject=name,
        )
    ]


RULES = (
    Rule("hours", InsightCategory.RESOURCE, "The metrics allocated_hours and capacity_hours.", find_hours),
    Rule("rejects", InsightCategory.QUALITY, "The metrics inspected_units and rejected_units.", find_rejects),
    Rule(
        "disagreement",
        InsightCategory.QUALITY,
        "Budget, earned value and actual cost, and stated figures to hold against them.",
        find_disagreement,
    ),
)
