"""Rules about cost: the index reached, the one needed, the cost at completion, the lines of the budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from contracts.args.reports import InsightCategory

from engines.performance.earned_value import Baseline, measure
from engines.performance.insight_rules.common import (
    CPI,
    ONE,
    SPI,
    are_adjacent,
    cost_index_of,
    index_priority,
    measured_grounds,
    trend_figures,
    trend_notes,
    trend_of,
)
from engines.performance.insight_thresholds import (
    LARGE_VARIANCE,
    NOTABLE_PERIOD,
    NOTABLE_VARIANCE,
    UNREALISTIC_GAP,
    WEAK_INDEX,
)
from engines.performance.insights import PLACES, Figure, Finding, InsightType, Priority, Rule, cite
from engines.performance.report_figures import BudgetLine, Read, ReportFigures

METRICS = ("metrics",)
TREND = ("metrics", "metrics.trend")
LINES = ("budget_status.categories",)


def find_cost_index(figures: ReportFigures) -> Iterable[Finding] | None:
    """The cost index: its level, and whether it went one way three periods in a row."""
    earned, actual = figures.earned, figures.actual
    if earned is None or not actual or earned <= 0:
        return None
    index, variance = earned / actual, earned - actual
    trend = trend_of(figures, cost_index_of)
    weak = index < WEAK_INDEX.value
    variant = "over" if weak else "under" if index >= 1 else "close"
    cited = {
        "earned_value": cite(earned, "money"),
        "actual_cost": cite(actual, "money"),
        "cost_performance_index": cite(index, "index", CPI),
        "cost_variance": cite(variance, "money", "CV = EV - AC"),
        "cost_variance_share": cite(abs(variance) / earned, "percent", "|CV| / EV"),
        **trend_figures(trend, CPI),
    }
    return [
        Finding(
            variant=variant,
            type=InsightType.ALERT if weak else InsightType.SUMMARY,
            priority=index_priority(index, trend),
            figures=cited,
            grounds=measured_grounds(figures),
            sources=TREND,
            notes=trend_notes(trend),
        )
    ]


def find_completion_range(figures: ReportFigures) -> Iterable[Finding] | None:
    """The cost at completion by each method: the remaining work at its budget, at CPI, and at CPI times SPI."""
    baseline = figures.baseline
    if baseline is None or baseline.earned <= 0 or baseline.actual <= 0 or baseline.budget <= 0:
        return None
    estimates = estimates_at_completion(baseline)
    low, high = min(estimates.values()), max(estimates.values())
    budget = baseline.budget
    variant = "over" if low > budget else "under" if high <= budget else "both"
    return [
        Finding(
            variant=variant,
            type=InsightType.PREDICTION,
            priority=overrun_priority((estimates["estimate_at_completion"] - budget) / budget, any_over=high > budget),
            figures=range_figures(baseline, estimates, low, high),
            grounds=measured_grounds(figures) | {"agreement": max(Decimal(0), ONE - (high - low) / budget)},
            sources=TREND,
            notes=("with_both_indices",) if "estimate_at_completion_both_indices" in estimates else (),
        )
    ]


def overrun_priority(share: Decimal, *, any_over: bool) -> Priority:
    """How urgent an overrun of this share of the budget is, by the forecast at the cost index so far."""
    if share > LARGE_VARIANCE.value:
        return Priority.CRITICAL
    if share > NOTABLE_VARIANCE.value:
        return Priority.HIGH
    return Priority.MEDIUM if any_over else Priority.LOW


def estimates_at_completion(baseline: Baseline) -> dict[str, Decimal]:
    """The estimates by name. The one with both indices needs a planned value."""
    remaining = baseline.budget - baseline.earned
    cost_index = baseline.earned / baseline.actual
    estimates = {
        "estimate_at_completion_budgeted_rate": baseline.actual + remaining,
        "estimate_at_completion": baseline.budget / cost_index,
    }
    if baseline.planned > 0:
        both = cost_index * baseline.earned / baseline.planned
        estimates["estimate_at_completion_both_indices"] = baseline.actual + remaining / both
    return estimates


RANGE_FORMULAS = {
    "estimate_at_completion_budgeted_rate": "EAC = AC + (BAC - EV)",
    "estimate_at_completion": "EAC = BAC / CPI",
    "estimate_at_completion_both_indices": "EAC = AC + (BAC - EV) / (CPI * SPI)",
}


def range_figures(baseline: Baseline, estimates: dict[str, Decimal], low: Decimal, high: Decimal) -> dict[str, Figure]:
    """Cite the amounts, every estimate, and what the ends of the range are against the budget."""
    budget = baseline.budget
    cited = {
        "budget_at_completion": cite(budget, "money"),
        "earned_value": cite(baseline.earned, "money"),
        "actual_cost": cite(baseline.actual, "money"),
        **{name: cite(value, "money", RANGE_FORMULAS[name]) for name, value in estimates.items()},
        "lowest_estimate_at_completion": cite(low, "money", "the least EAC"),
        "highest_estimate_at_completion": cite(high, "money", "the greatest EAC"),
        "variance_at_completion_best": cite(budget - low, "money", "VAC = BAC - least EAC"),
        "variance_at_completion_worst": cite(budget - high, "money", "VAC = BAC - greatest EAC"),
        "variance_best_share": cite(abs(budget - low) / budget, "percent", "|BAC - least EAC| / BAC"),
        "variance_worst_share": cite(abs(budget - high) / budget, "percent", "|BAC - greatest EAC| / BAC"),
    }
    if baseline.planned > 0:
        cited["planned_value"] = cite(baseline.planned, "money")
        cited["cost_performance_index"] = cite(baseline.earned / baseline.actual, "index", CPI)
        cited["schedule_performance_index"] = cite(baseline.earned / baseline.planned, "index", SPI)
    return cited


def find_needed_index(figures: ReportFigures) -> Iterable[Finding] | None:
    """The index that the remaining work needs to end within the budget, against the one reached."""
    baseline = figures.baseline
    if baseline is None or baseline.earned <= 0 or baseline.actual <= 0:
        return None
    measured = measure(baseline)
    cited = {
        "budget_at_completion": cite(baseline.budget, "money"),
        "earned_value": cite(baseline.earned, "money"),
        "actual_cost": cite(baseline.actual, "money"),
        "remaining_work_value": cite(baseline.budget - baseline.earned, "money", "BAC - EV"),
        "remaining_budget": cite(baseline.budget - baseline.actual, "money", "BAC - AC"),
    }
    if measured.to_complete_index is None:
        return [spent_budget(figures, cited)] if baseline.budget > baseline.earned else []
    reached = baseline.earned / baseline.actual
    gap = measured.to_complete_index - reached
    if gap <= 0:
        return []
    unrealistic = gap > UNREALISTIC_GAP.value
    cited |= {
        "cost_performance_index": cite(reached, "index", CPI),
        "to_complete_performance_index": cite(measured.to_complete_index, "index", "TCPI = (BAC - EV) / (BAC - AC)"),
        # The difference of what is shown, so that whoever subtracts finds it.
        "gap_index": cite(shown(measured.to_complete_index) - shown(reached), "index", "TCPI - CPI"),
        "limit_index": cite(UNREALISTIC_GAP.value, "index"),
    }
    return [
        Finding(
            variant="unrealistic" if unrealistic else "demanding",
            type=InsightType.RECOMMENDATION,
            priority=Priority.HIGH if unrealistic else Priority.MEDIUM,
            figures=cited,
            grounds=measured_grounds(figures),
            sources=METRICS,
        )
    ]


def shown(index: Decimal) -> Decimal:
    """An index to the places that it is shown with."""
    return index.quantize(PLACES["index"], ROUND_HALF_UP)


def spent_budget(figures: ReportFigures, cited: dict[str, Figure]) -> Finding:
    """The budget is spent and work remains: no index reaches it."""
    return Finding(
        variant="spent",
        type=InsightType.ALERT,
        priority=Priority.CRITICAL,
        figures=cited,
        grounds=measured_grounds(figures),
        sources=METRICS,
    )


def find_latest_period(figures: ReportFigures) -> Iterable[Finding] | None:
    """The cost index of the last period alone, against the cumulative one: what an average hides."""
    points = figures.history.records[-2:]
    if len(points) < 2 or not are_adjacent(points):  # noqa: PLR2004 - a period is the difference of two points
        return None
    before, last = points
    earned, spent = last.earned - before.earned, last.actual - before.actual
    overall = cost_index_of(last)
    if spent <= 0 or overall is None:
        return None
    index = earned / spent
    if abs(index - overall) < NOTABLE_PERIOD.value:
        return []
    worse = index < overall
    cited = {
        "period": cite(last.month, "month"),
        "earned_value_before": cite(before.earned, "money"),
        "earned_value": cite(last.earned, "money"),
        "actual_cost_before": cite(before.actual, "money"),
        "actual_cost": cite(last.actual, "money"),
        "earned_value_in_period": cite(earned, "money", "EV - EV of the period before"),
        "actual_cost_in_period": cite(spent, "money", "AC - AC of the period before"),
        "period_cost_index": cite(index, "index", "EV of the period / AC of the period"),
        "cost_performance_index": cite(overall, "index", CPI),
    }
    return [
        Finding(
            variant="worse" if worse else "better",
            type=InsightType.ALERT if worse and index < 1 else InsightType.SUMMARY,
            priority=Priority.MEDIUM if worse and index < 1 else Priority.LOW,
            figures=cited,
            grounds={key: value for key, value in measured_grounds(figures).items() if key != "maturity"}
            | {"completeness": figures.history.completeness},
            sources=("metrics.trend",),
        )
    ]


def find_budget_lines(figures: ReportFigures) -> Iterable[Finding] | None:
    """The line of the budget whose forecast exceeds its plan most. Contingency is no line of work."""
    lines = [line for line in figures.budget_lines.records if not line.is_contingency]
    if not lines:
        return None
    grounds = {"completeness": figures.budget_lines.completeness}
    if figures.budget:
        planned = sum((line.planned for line in figures.budget_lines.records), Decimal(0))
        grounds["coverage"] = max(Decimal(0), ONE - abs(planned - figures.budget) / figures.budget)
    over = [line for line in lines if line.forecast > line.planned]
    finding = overrun_of_lines(lines, over, grounds) if over else lines_within_plan(lines, grounds)
    return [with_lines_left_out(finding, figures.budget_lines)]


def overrun_of_lines(lines: list[BudgetLine], over: list[BudgetLine], grounds: dict[str, Decimal]) -> Finding:
    """Name the line with the largest overrun, and its part in all overruns."""
    worst = max(over, key=lambda line: line.forecast - line.planned)
    overrun = worst.forecast - worst.planned
    total = sum((line.forecast - line.planned for line in over), Decimal(0))
    # More than nothing is no share of it.
    share = overrun / worst.planned if worst.planned > 0 else None
    cited = {
        "budget_line": cite(worst.name, "text"),
        "planned_amount": cite(worst.planned, "money"),
        "forecast_amount": cite(worst.forecast, "money"),
        "overrun_amount": cite(overrun, "money", "forecast - planned of the line"),
        **({} if share is None else {"overrun_share": cite(share, "percent", "overrun / planned of the line")}),
        "overrun_amount_all_lines": cite(total, "money", "sum of the overruns of all lines over their plan"),
        "part_of_all_overruns_share": cite(overrun / total, "percent", "overrun of the line / overruns of all lines"),
        "lines_over_plan": cite(len(over), "integer", "count of lines with forecast > planned"),
        "lines_in_all": cite(len(lines), "integer", "count of lines with both amounts, without contingency"),
    }
    return Finding(
        variant="over_nothing" if share is None else "over",
        type=InsightType.ALERT,
        priority=line_priority(share),
        figures=cited,
        grounds=grounds,
        sources=LINES,
        subject=worst.name,
    )


def line_priority(share: Decimal | None) -> Priority:
    """How urgent an overrun of this share of the line's plan is, or one of a line that nothing was planned for."""
    if share is None or share > LARGE_VARIANCE.value:
        return Priority.HIGH
    return Priority.MEDIUM if share > NOTABLE_VARIANCE.value else Priority.LOW


def with_lines_left_out(finding: Finding, lines: Read[BudgetLine]) -> Finding:
    """Say how many lines lack a plan or a forecast, where there are such."""
    left_out = lines.of - len(lines.records)
    if not left_out:
        return finding
    counted = {"lines_left_out": cite(left_out, "integer", "count of lines without planned or forecast amount")}
    return replace(finding, figures={**finding.figures, **counted}, notes=(*finding.notes, "lines_left_out"))


def lines_within_plan(lines: list[BudgetLine], grounds: dict[str, Decimal]) -> Finding:
    """Say that no line exceeds its plan, and what is left."""
    planned = sum((line.planned for line in lines), Decimal(0))
    forecast = sum((line.forecast for line in lines), Decimal(0))
    cited = {
        "lines_in_all": cite(len(lines), "integer", "count of lines with both amounts, without contingency"),
        "planned_amount": cite(planned, "money", "sum of planned of the lines"),
        "forecast_amount": cite(forecast, "money", "sum of forecast of the lines"),
        "margin_amount": cite(planned - forecast, "money", "planned - forecast of the lines"),
    }
    return Finding(
        variant="within",
        type=InsightType.SUMMARY,
        priority=Priority.LOW,
        figures=cited,
        grounds=grounds,
        sources=LINES,
    )


RULES = (
    Rule("cost_index", InsightCategory.BUDGET, "Earned value and actual cost above zero.", find_cost_index),
    Rule(
        "completion_range",
        InsightCategory.BUDGET,
        "Budget at completion, earned value and actual cost above zero.",
        find_completion_range,
    ),
    Rule(
        "needed_index",
        InsightCategory.BUDGET,
        "Budget at completion, earned value and actual cost above zero.",
        find_needed_index,
    ),
    Rule(
        "latest_period",
        InsightCategory.BUDGET,
        "The last two months of the trend, one right after the other, with costs.",
        find_latest_period,
    ),
    Rule(
        "budget_lines",
        InsightCategory.BUDGET,
        "Budget categories with planned and forecast amounts.",
        find_budget_lines,
    ),
)
