"""Rules about time: the schedule index, late milestones, and the end."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from contracts.args.reports import InsightCategory

from engines.performance.insight_rules.common import (
    ONE,
    SPI,
    index_priority,
    measured_grounds,
    schedule_index_of,
    trend_figures,
    trend_notes,
    trend_of,
)
from engines.performance.insight_thresholds import LATE_DAYS, SCHEDULE_INDEX_FADES, WEAK_INDEX
from engines.performance.insights import Figure, Finding, InsightType, Priority, Rule, cite
from engines.performance.report_figures import Milestone, ReportFigures

MOST_LATE_MILESTONES = 3
MILESTONES = ("schedule_status.milestones",)
SLIP = "forecast date - baseline date"


def find_schedule_index(figures: ReportFigures) -> Iterable[Finding] | None:
    """The schedule index: its level, and whether it went one way three periods in a row."""
    earned, planned = figures.earned, figures.planned
    if earned is None or not planned or planned < 0:
        return None
    index, variance = earned / planned, earned - planned
    trend = trend_of(figures, schedule_index_of)
    weak = index < WEAK_INDEX.value
    cited = {
        "as_of": cite(figures.as_of, "date"),
        "earned_value": cite(earned, "money"),
        "planned_value": cite(planned, "money"),
        "schedule_performance_index": cite(index, "index", SPI),
        "schedule_variance": cite(variance, "money", "SV = EV - PV"),
        **trend_figures(trend, SPI),
    }
    done = earned / figures.budget if figures.budget else Decimal(0)
    fades = done > SCHEDULE_INDEX_FADES.value
    grounds = measured_grounds(figures)
    if fades:
        grounds["meaning"] = max(Decimal(0), (ONE - done) / (ONE - SCHEDULE_INDEX_FADES.value))
    return [
        Finding(
            variant="behind" if weak else "ahead" if index >= 1 else "close",
            type=InsightType.ALERT if weak else InsightType.SUMMARY,
            priority=index_priority(index, trend),
            figures=cited,
            grounds=grounds,
            sources=("metrics", "metrics.trend"),
            notes=(*trend_notes(trend), *(("schedule_index_fades",) if fades else ())),
        )
    ]


def find_late_milestones(figures: ReportFigures) -> Iterable[Finding] | None:
    """Milestones whose baseline has passed without them, the latest first, three at most."""
    if not figures.milestones.records:
        return None
    late = [
        milestone
        for milestone in figures.milestones.records
        if milestone.completed is None and milestone.baseline < figures.as_of
    ]
    late.sort(key=lambda milestone: milestone.baseline)
    return [late_milestone(figures, milestone) for milestone in late[:MOST_LATE_MILESTONES]]


def late_milestone(figures: ReportFigures, milestone: Milestone) -> Finding:
    """How late it is today, and how late it is forecast to be."""
    days = (figures.as_of - milestone.baseline).days
    cited = milestone_figures(milestone) | {
        "as_of": cite(figures.as_of, "date"),
        "late_days": cite(days, "days", "as of - baseline date"),
    }
    slip = slip_of(milestone)
    return Finding(
        variant="late" if slip is None else "forecast",
        type=InsightType.ALERT,
        priority=Priority.HIGH if max(days, slip or 0) > LATE_DAYS.value else Priority.MEDIUM,
        figures=cited,
        grounds={
            "completeness": figures.milestones.completeness,
            "forecast": Decimal(0) if slip is None else ONE,
        },
        sources=MILESTONES,
        subject=milestone.name,
    )


def find_finish(figures: ReportFigures) -> Iterable[Finding] | None:
    """Whether the last open milestone, and those before it, are forecast for their baseline dates."""
    ahead = [
        milestone
        for milestone in figures.milestones.records
        if milestone.completed is None and milestone.forecast is not None
    ]
    if not ahead:
        return None
    last = max(ahead, key=lambda milestone: (milestone.forecast or milestone.baseline, milestone.baseline))
    worst = max(ahead, key=lambda milestone: slip_of(milestone) or 0)
    final_slip, worst_slip = slip_of(last) or 0, slip_of(worst) or 0
    variant = "slips" if final_slip > 0 else "absorbed" if worst_slip > 0 else "held"
    done = sum(milestone.completed is not None for milestone in figures.milestones.records)
    shown = worst if variant == "absorbed" else last
    cited = milestone_figures(shown) | {
        "milestones_open": cite(figures.open_milestones, "integer", "count of milestones without a completion date"),
        "milestones_forecast": cite(len(ahead), "integer", "count of open milestones with baseline and forecast dates"),
        "milestones_slipping": cite(
            sum((slip_of(milestone) or 0) > 0 for milestone in ahead),
            "integer",
            "count of open milestones with slip > 0",
        ),
        "largest_slip_days": cite(worst_slip, "days", f"greatest {SLIP}"),
    }
    late = final_slip > LATE_DAYS.value
    return [
        Finding(
            variant=variant,
            type=InsightType.PREDICTION if variant == "slips" else InsightType.SUMMARY,
            priority=Priority.HIGH if late else Priority.LOW if variant == "held" else Priority.MEDIUM,
            figures=cited,
            grounds={
                "completeness": figures.milestones.completeness,
                "track_record": Decimal(done) / len(figures.milestones.records),
            },
            sources=MILESTONES,
        )
    ]


def milestone_figures(milestone: Milestone) -> dict[str, Figure]:
    """Cite a milestone with its dates and its slip."""
    cited = {"milestone": cite(milestone.name, "text"), "baseline_date": cite(milestone.baseline, "date")}
    slip = slip_of(milestone)
    if milestone.forecast is not None and slip is not None:
        cited |= {"forecast_date": cite(milestone.forecast, "date"), "slip_days": cite(slip, "days", SLIP)}
    return cited


def slip_of(milestone: Milestone) -> int | None:
    """Days from the baseline to the forecast."""
    return None if milestone.forecast is None else (milestone.forecast - milestone.baseline).days


RULES = (
    Rule("schedule_index", InsightCategory.SCHEDULE, "Earned value and planned value.", find_schedule_index),
    Rule("late_milestones", InsightCategory.SCHEDULE, "Milestones with baseline dates.", find_late_milestones),
    Rule("finish", InsightCategory.SCHEDULE, "Open milestones with baseline and forecast dates.", find_finish),
)
