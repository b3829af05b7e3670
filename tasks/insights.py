"""`insight.generate`: what the figures of a report mean."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from contracts.args.reports import GenerateInsights, InsightCategory
from contracts.outcome import Outcome, Result
from db.repositories.insights import GENERATOR, NewInsight, keep_insights, note_confidence
from db.repositories.values import Report
from engines.performance.insight_rules import RULES
from engines.performance.insight_texts import Show, write
from engines.performance.insights import FigureKind, FigureValue, Insight, find_insights
from engines.performance.report_figures import ReportFigures, read_report
from exporters.formatting import Formatter
from exporters.key_figures import read_figures
from exporters.vocabulary import title_of
from tasks.context import TaskContext
from tasks.registry import task
from tasks.report_document import currency_of, language_of
from tasks.stored_report import require_report


@task(GenerateInsights)
def generate_insights(args: GenerateInsights, context: TaskContext) -> Outcome:
    """Apply every rule to the report's figures, and keep the rows of what they found up to date."""
    report = require_report(context.session, args.report_id)
    categories = args.categories or tuple(InsightCategory)
    context.progress(0.2, "Reading the figures")
    insights = find_insights(RULES, figures_of(report), categories=categories)

    context.progress(0.6, f"Writing {len(insights.found)} insights")
    show = shower(Formatter(language_of(report), currency_of(report)))
    new = [in_words(insight, report, show) for insight in insights.found]
    kept = keep_insights(context.session, report.id, new, categories=categories)
    if new or kept.changed:
        note_confidence(context.session, report.id)
    return Result(
        {
            "generator": GENERATOR,
            "insights": len(new),
            "by_category": count_by_category(insights.found, categories),
            **asdict(kept),
            "no_data": dict(insights.no_data),
        }
    )


def figures_of(report: Report) -> ReportFigures:
    """Read what the rules need. Only what the report itself states counts, and not what its project has today."""
    baseline = read_figures(report.metrics, budget=None, actual=None, percentage=None)
    last_day = report.report_month.replace(day=monthrange(report.report_month.year, report.report_month.month)[1])
    return read_report(report.metrics, report.sections, baseline=baseline, as_of=last_day)


def in_words(insight: Insight, report: Report, show: Show) -> NewInsight:
    """Put an insight into the report's language, with everything that its row holds."""
    text = write(insight, language_of(report), show)
    finding = insight.finding
    return NewInsight(
        fingerprint=insight.fingerprint,
        insight_type=finding.type,
        category=insight.rule.category,
        priority=finding.priority,
        title=text.title,
        content=text.content,
        confidence_score=insight.confidence,
        supporting_data=insight.supporting_data,
        predicted_impact=text.impact,
        recommended_actions=text.actions,
        data_sources=finding.sources,
        metadata={
            "generator": GENERATOR,
            "rule": insight.rule.id,
            "variant": finding.variant,
            "subject": finding.subject,
            "language": language_of(report),
            "confidence_grounds": {name: round(float(ground), 3) for name, ground in finding.grounds.items()},
        },
    )


def shower(formatter: Formatter) -> Show:
    """Show figures as the report's readers expect them."""

    def show(value: FigureValue, kind: FigureKind) -> str:
        if isinstance(value, date):
            return formatter.month(value) if kind == "month" else formatter.day_long(value)
        if kind == "name":
            return title_of(str(value), formatter.language)
        if kind == "days" and not isinstance(value, str):
            return formatter.days(Decimal(value))
        return formatter.value(value, kind if kind in ("money", "index", "percent", "integer") else "text")

    return show


def count_by_category(found: Collection[Insight], categories: Collection[InsightCategory]) -> dict[str, int]:
    """Count what was found in each category that was looked at."""
    return {category: sum(insight.rule.category == category for insight in found) for category in categories}
