"""Rules about risk: where the exposure lies, what is kept for it, and which answers are overdue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from contracts.args.reports import InsightCategory

from engines.performance.insight_thresholds import LARGE_EXPOSURE, NOTABLE_EXPOSURE, THIN_COVER
from engines.performance.insights import Figure, Finding, InsightType, Priority, Rule, cite
from engines.performance.report_figures import Read, ReportFigures, Risk

TOP = 3
RISKS = ("risks_issues.risks",)
EXPECTED = "sum of probability * most likely cost"


def find_concentration(figures: ReportFigures) -> Iterable[Finding] | None:
    """How much of the expected cost of all open risks the three largest carry."""
    risks = sorted(figures.risks.records, key=lambda risk: (-risk.expected_cost, risk.id))
    total = expected_cost(risks)
    if len(risks) <= TOP or total <= 0:
        return None
    top = risks[:TOP]
    part = expected_cost(top)
    cited = {
        "risk_ids": cite(", ".join(risk.id for risk in top), "text"),
        "risk_title": cite(top[0].title, "text"),
        "largest_risk_id": cite(top[0].id, "text"),
        "probability": cite(top[0].probability, "percent"),
        "most_likely_cost": cite(top[0].cost, "money"),
        "largest_expected_cost": cite(top[0].expected_cost, "money", "probability * most likely cost"),
        **counted(figures.risks),
        "risks_in_top": cite(len(top), "integer"),
        "expected_cost_of_top": cite(part, "money", f"{EXPECTED} of the largest three"),
        "expected_cost_of_register": cite(total, "money", f"{EXPECTED} of all open risks with both"),
        "top_share": cite(part / total, "percent", "expected cost of the largest three / of all with both"),
    }
    exposure = total / figures.budget if figures.budget else Decimal(0)
    return [
        Finding(
            variant="top",
            type=InsightType.PREDICTION,
            priority=Priority.HIGH
            if exposure > LARGE_EXPOSURE.value
            else Priority.MEDIUM
            if exposure > NOTABLE_EXPOSURE.value
            else Priority.LOW,
            figures=cited,
            grounds={"completeness": figures.risks.completeness, "precision": precision(top)},
            sources=RISKS,
        )
    ]


def find_contingency(figures: ReportFigures) -> Iterable[Finding] | None:
    """Whether the contingency that remains covers the expected cost of the open risks."""
    kept = [line for line in figures.budget_lines.records if line.is_contingency]
    expected = expected_cost(figures.risks.records)
    if not kept or expected <= 0:
        return None
    remaining = sum((line.forecast for line in kept), Decimal(0))
    approved = sum((line.planned for line in kept), Decimal(0))
    short = remaining < expected
    cited = {
        "contingency_approved": cite(approved, "money"),
        "contingency_remaining": cite(remaining, "money"),
        **counted(figures.risks),
        "expected_cost_of_register": cite(expected, "money", f"{EXPECTED} of all open risks with both"),
        "contingency_gap": cite(remaining - expected, "money", "contingency remaining - expected cost"),
        "cover_share": cite(remaining / expected, "percent", "contingency remaining / expected cost"),
    }
    return [
        Finding(
            variant="short" if short else "covered",
            type=InsightType.ALERT if short else InsightType.SUMMARY,
            priority=cover_priority(remaining / expected),
            figures=cited,
            grounds={
                "completeness": figures.risks.completeness * figures.budget_lines.completeness,
                "precision": precision(figures.risks.records),
            },
            sources=(*RISKS, "budget_status.categories"),
        )
    ]


def cover_priority(cover: Decimal) -> Priority:
    """How urgent it is that the contingency covers this share of the expected cost."""
    return Priority.LOW if cover >= 1 else Priority.MEDIUM if cover >= THIN_COVER.value else Priority.HIGH


def find_overdue(figures: ReportFigures) -> Iterable[Finding] | None:
    """Open risks whose answer was due before the report's day."""
    if not figures.responses.records:
        return None
    overdue = sorted(
        (response for response in figures.responses.records if response.due < figures.as_of),
        key=lambda response: (response.due, response.id),
    )
    if not overdue:
        return []
    oldest = overdue[0]
    cited = {
        "as_of": cite(figures.as_of, "date"),
        "responses_overdue": cite(len(overdue), "integer", "count of open risks with due date < as of"),
        "open_risks": cite(figures.responses.of, "integer", "count of open risks"),
        "responses_in_all": cite(len(figures.responses.records), "integer", "count of open risks with a due date"),
        "risk_id": cite(oldest.id, "text"),
        "risk_title": cite(oldest.title, "text"),
        "due_date": cite(oldest.due, "date"),
        "overdue_days": cite((figures.as_of - oldest.due).days, "days", "as of - due date"),
    }
    return [
        Finding(
            variant="overdue",
            type=InsightType.ALERT,
            priority=Priority.MEDIUM,
            figures=cited,
            grounds={"completeness": figures.responses.completeness},
            sources=RISKS,
        )
    ]


def counted(risks: Read[Risk]) -> dict[str, Figure]:
    """How many risks are open, and for how many of them a cost can be expected."""
    return {
        "open_risks": cite(risks.of, "integer", "count of open risks"),
        "risks_costed": cite(len(risks.records), "integer", "count of open risks with probability and cost"),
    }


def expected_cost(risks: Iterable[Risk]) -> Decimal:
    """The sum of probability times most likely cost."""
    return sum((risk.expected_cost for risk in risks), Decimal(0))


def precision(risks: Sequence[Risk]) -> Decimal:
    """How narrow the estimates are: the mean of most likely / high; a risk without a range counts as one half."""
    parts = [
        min(Decimal(1), risk.cost / risk.high) if risk.high and risk.high > 0 else Decimal("0.5") for risk in risks
    ]
    return sum(parts, Decimal(0)) / len(parts) if parts else Decimal(0)


RULES = (
    Rule(
        "risk_concentration",
        InsightCategory.RISK,
        "Four open risks or more with probability and cost.",
        find_concentration,
    ),
    Rule(
        "contingency",
        InsightCategory.RISK,
        "A contingency line in the budget, and open risks with probability and cost.",
        find_contingency,
    ),
    Rule("overdue_responses", InsightCategory.RISK, "Open risks with due dates.", find_overdue),
)
