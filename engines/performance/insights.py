"""What the figures of a report mean: findings of named rules, each with every figure that it rests on.

A finding is values alone. `insight_texts.write` puts it into words, in either language.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Literal

from contracts.args.reports import InsightCategory

from engines.performance.insight_thresholds import HIGHEST_CONFIDENCE
from engines.performance.report_figures import ReportFigures

FigureKind = Literal["money", "index", "percent", "days", "integer", "date", "month", "text", "name"]
FigureValue = Decimal | int | date | str

PLACES: Mapping[FigureKind, Decimal] = {
    "money": Decimal(1),
    "index": Decimal("0.001"),
    "percent": Decimal("0.001"),
    "days": Decimal(1),
    "integer": Decimal(1),
}


class InsightType(StrEnum):
    """What an insight does, named as the schema's enum `ai_insight_type` names it."""

    PREDICTION = "prediction"
    RECOMMENDATION = "recommendation"
    ALERT = "alert"
    SUMMARY = "summary"


class Priority(StrEnum):
    """How soon to read it, named as the schema's enum `ai_insight_priority` names it. The most urgent first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is cited: rounded as it is shown. `formula` says how it follows from the others."""

    value: FigureValue
    kind: FigureKind
    formula: str | None = None

    @property
    def as_json(self) -> Any:
        """The figure as JSON holds it."""
        if isinstance(self.value, date):
            return self.value.isoformat()
        if isinstance(self.value, Decimal):
            return int(self.value) if PLACES.get(self.kind) == 1 else float(self.value)
        return self.value


def cite(value: FigureValue, kind: FigureKind, formula: str | None = None) -> Figure:
    """Cite a value, rounded (half away from zero) to the places that its kind is shown with."""
    if isinstance(value, Decimal) and kind in PLACES:
        value = value.quantize(PLACES[kind], ROUND_HALF_UP)
    return Figure(value, kind, formula)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found. `variant` and `notes` choose the words, `subject` what it is about within the report."""

    variant: str
    type: InsightType
    priority: Priority
    figures: Mapping[str, Figure]
    # What the confidence rests on, each from 0 to 1.
    grounds: Mapping[str, Decimal]
    sources: tuple[str, ...]
    subject: str = "project"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `find` gives None where the report lacks what the rule `needs`, and nothing where nothing is to say."""

    id: str
    category: InsightCategory
    needs: str
    find: Callable[[ReportFigures], Iterable[Finding] | None]


@dataclass(frozen=True, slots=True)
class Insight:
    """A finding with its rule."""

    rule: Rule
    finding: Finding

    @property
    def fingerprint(self) -> str:
        """The same for the same rule and subject, in whatever language and with whatever figures."""
        return sha256(f"{self.rule.id}\n{self.finding.subject}".encode()).hexdigest()[:32]

    @property
    def confidence(self) -> Decimal:
        """0.95 times the mean of the grounds: completeness, history and whatever else the rule has measured."""
        grounds = self.finding.grounds.values()
        mean = sum(grounds, Decimal(0)) / len(grounds)
        return (HIGHEST_CONFIDENCE.value * mean).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def supporting_data(self) -> dict[str, Any]:
        """Every figure, and under `formulas` how those that were calculated follow from the others."""
        figures = self.finding.figures
        formulas = {name: figure.formula for name, figure in figures.items() if figure.formula}
        return {name: figure.as_json for name, figure in figures.items()} | {"formulas": formulas}


@dataclass(frozen=True, slots=True)
class Insights:
    """What was found, the most urgent first, and which rules lacked their data, with what they need."""

    found: tuple[Insight, ...]
    no_data: Mapping[str, str] = field(default_factory=dict)


def find_insights(
    rules: Iterable[Rule], figures: ReportFigures, *, categories: Collection[InsightCategory] | None = None
) -> Insights:
    """Apply the rules of `categories`, or all. Of two with one fingerprint the more urgent counts."""
    found: list[Insight] = []
    no_data: dict[str, str] = {}
    for rule in rules:
        if categories is not None and rule.category not in categories:
            continue
        findings = rule.find(figures)
        if findings is None:
            no_data[rule.id] = rule.needs
        else:
            found += [Insight(rule, finding) for finding in findings]
    order = list(Priority)
    found.sort(key=lambda insight: order.index(insight.finding.priority))
    once: dict[str, Insight] = {}
    for insight in found:
        once.setdefault(insight.fingerprint, insight)
    return Insights(tuple(once.values()), no_data)
