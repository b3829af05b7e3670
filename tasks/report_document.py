"""A report as the database holds it, made into the document that every exporter reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from contracts.args.report_options import ReportOptions
from contracts.errors import BadArgs
from db.repositories.values import Insight as InsightRow
from db.repositories.values import Report
from exporters.document import (
    Block,
    Cover,
    Insight,
    KeyFigure,
    KeyFigures,
    Language,
    Paragraph,
    ReportDocument,
    Section,
    Theme,
    Timeline,
    Value,
    read_value,
)
from exporters.figures import trend_chart
from exporters.formatting import Formatter
from exporters.key_figures import Figures, figure_strip, other_figures, read_figures
from exporters.labels import label, status_label, status_tone
from exporters.monte_carlo import simulation_blocks
from exporters.outline import is_scalar, one_line, scaled, text_blocks
from exporters.reading_order import in_reading_order
from exporters.sections import normalise_section
from exporters.shapes import is_records, records_table
from exporters.vocabulary import kind_of, title_of

_SIMULATION = "monte_carlo_analysis"
_SIMULATION_PLACES = (("risks_issues", 1), ("recommendations", 0))  # after the one, before the other
_PRIORITIES = ("critical", "high", "medium", "low")
_THEMES = {
    "corporate_blue": Theme(primary="#003a70", accent="#0066b3"),
    "professional_gray": Theme(primary="#2b2f36", accent="#5b6470"),
    "modern_green": Theme(primary="#00573c", accent="#00805a"),
}


def build_report_document(report: Report, *, options: ReportOptions | None = None) -> ReportDocument:
    """The document of a report: cover, key figures, its sections, insights, and on request the data behind it."""
    chosen = options or ReportOptions()
    report = _as_read(report)
    formatter = Formatter(language_of(report, chosen.language), currency_of(report))
    sections = [*_all_sections(report, chosen, formatter)]
    return ReportDocument(
        id=f"{report.id}/{report.version}",
        language=formatter.language,
        currency=formatter.currency,
        paper=chosen.paper,
        theme=_THEMES.get(str(report.template.branding_config.get("color_scheme")), Theme()),
        cover=_cover(report),
        sections=tuple(sections if chosen.sections is None else _select(sections, chosen.sections)),
    )


def _as_read(report: Report) -> Report:
    """The report with the fields of its JSON in the order in which people read them; the database keeps none."""
    return replace(
        report,
        sections=in_reading_order(report.sections),
        metrics=in_reading_order(report.metrics),
        monte_carlo_analysis=in_reading_order(report.monte_carlo_analysis),
        insights=[replace(row, supporting_data=in_reading_order(row.supporting_data)) for row in report.insights],
    )


def language_of(report: Report, asked_for: Language | None = None) -> Language:
    """The language asked for, else the report's own, else English."""
    asked = asked_for or report.template_customizations.get("language")
    return "fr" if asked == "fr" else "en"


def currency_of(report: Report) -> str:
    """The currency of the report's amounts, as three letters of ISO 4217."""
    currency = str(report.metrics.get("currency") or report.project.currency or "").upper()
    return currency if re.fullmatch(r"[A-Z]{3}", currency) else "CAD"


def _cover(report: Report) -> Cover:
    return Cover(
        title=report.title,
        project=report.project.name,
        organization=_text(report.template.branding_config.get("company_name")),
        period=report.report_month,
        status=report.status,
        version=report.version,
        health=_text(report.project.health),
        generated_at=report.generated_at,
        prepared_by=report.prepared_by,
        approved_by=report.approved_by,
        confidentiality=_text(report.template_customizations.get("confidentiality")),
    )


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _select(sections: Sequence[Section], ids: Sequence[str]) -> Iterator[Section]:
    by_id = {section.id: section for section in sections}
    for wanted in ids:
        if wanted not in by_id:
            near = get_close_matches(wanted, by_id, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(by_id)}."
            raise BadArgs(f"The report has no section {wanted!r}: {hint}")
        yield by_id[wanted]


def _all_sections(report: Report, options: ReportOptions, formatter: Formatter) -> Iterator[Section]:
    project = report.project
    figures = read_figures(
        report.metrics, budget=project.budget, actual=project.actual_cost, percentage=project.percentage_complete
    )
    yield Section(
        id="key_figures", title=label("at_a_glance", formatter.language), blocks=tuple(figure_strip(figures, formatter))
    )
    written = _written_sections(report, options, formatter)
    if not any(section.id == "executive_summary" for section in written):
        yield from _summary(report, formatter)
    insights = _insights(report, formatter) if options.include_ai_insights else None
    last = {"recommendations"}
    for section in written:
        if insights is not None and section.id in last:
            yield insights
            insights = None
        yield (_with_metrics(section, report, figures, options, formatter) if section.id == "key_metrics" else section)
    if insights is not None:
        yield insights
    if options.include_raw_data:
        yield from _raw_data(report, formatter)


def _written_sections(report: Report, options: ReportOptions, formatter: Formatter) -> list[Section]:
    """The report's own sections. The place of the insights in a template stays empty: they are rows of their own."""
    today = read_value(report.metrics.get("as_of"), "date")
    written = [
        _with_today(normalise_section(raw, formatter, position=position, charts=options.include_charts), today)
        for position, raw in enumerate(_ordered(report.sections), start=1)
        if not (isinstance(raw, Mapping) and raw.get("id") == "ai_insights" and not raw.get("content"))
    ]
    if report.metrics and not any(section.id == "key_metrics" for section in written):
        at = next(
            (n + 1 for n, section in enumerate(written) if section.id == "executive_summary"),
            0,
        )
        written.insert(
            at,
            Section(id="key_metrics", title=label("key_figures", formatter.language)),
        )
    return _with_simulation(written, report, options, formatter)


def _with_simulation(
    written: Sequence[Section], report: Report, options: ReportOptions, formatter: Formatter
) -> list[Section]:
    """The sections with what the simulation found: in the section kept for it, else after the risks, else last."""
    blocks = _simulation(report.monte_carlo_analysis, formatter, charts=options.include_charts)
    if not blocks:
        return list(written)
    ids = [section.id for section in written]
    if _SIMULATION in ids:
        at = ids.index(_SIMULATION)
        kept = () if _is_empty(written[at], formatter) else written[at].blocks
        return [*written[:at], written[at].model_copy(update={"blocks": (*kept, *blocks)}), *written[at + 1 :]]
    section = Section(id=_SIMULATION, title=label(_SIMULATION, formatter.language), blocks=blocks)
    at = next((ids.index(found) + step for found, step in _SIMULATION_PLACES if found in ids), len(ids))
    return [*written[:at], section, *written[at:]]


def _simulation(analysis: Any, formatter: Formatter, *, charts: bool) -> tuple[Block, ...]:
    """The analysis in its own shape, or as any other data of a section."""
    if not analysis:
        return ()
    known = simulation_blocks(analysis, formatter, charts=charts)
    return known or normalise_section({"content": analysis}, formatter, charts=charts).blocks


def _is_empty(section: Section, formatter: Formatter) -> bool:
    return section.blocks == normalise_section({}, formatter).blocks


def _with_today(section: Section, today: Value) -> Section:
    """The section with the report's date drawn into its timelines."""
    if not isinstance(today, date):
        return section
    blocks = (
        block.model_copy(update={"today": today}) if isinstance(block, Timeline) else block for block in section.blocks
    )
    return section.model_copy(update={"blocks": tuple(blocks)})


def _ordered(sections: Sequence[Any]) -> list[Any]:
    orders = [raw.get("order") if isinstance(raw, Mapping) else None for raw in sections]
    if not all(isinstance(order, int) for order in orders):
        return list(sections)
    return [
        raw
        for _, _, raw in sorted(
            zip(orders, range(len(orders)), sections, strict=True),
            key=lambda item: item[:2],
        )
    ]


def _summary(report: Report, formatter: Formatter) -> Iterator[Section]:
    text = report.executive_summary or report.ai_generated_summary
    if text:
        blocks = text_blocks(text)
        if not report.executive_summary:
            blocks.append(Paragraph(text=label("ai_summary", formatter.language), style="note"))
        yield Section(
            id="executive_summary",
            title=label("executive_summary", formatter.language),
            blocks=tuple(blocks),
        )


def _with_metrics(
    section: Section,
    report: Report,
    figures: Figures,
    options: ReportOptions,
    formatter: Formatter,
) -> Section:
    """The section on metrics with the curve, and with every figure that isn't shown at a glance."""
    trend = report.metrics.get("trend")
    chart = trend_chart(trend, formatter) if options.include_charts and is_records(trend) else None
    written = [block for block in section.blocks if not (isinstance(block, Paragraph) and block.style == "note")]
    blocks: list[Block] = [
        *written,
        *([chart] if chart else []),
        *other_figures(report.metrics, figures, formatter),
    ]
    return section.model_copy(update={"blocks": tuple(blocks) or section.blocks})


def _insights(report: Report, formatter: Formatter) -> Section | None:
    if not report.insights:
        return None
    ordered = sorted(
        report.insights,
        key=lambda row: _PRIORITIES.index(row.priority) if row.priority in _PRIORITIES else 4,
    )
    template = next((raw for raw in report.template.sections if raw.get("id") == "ai_insights"), {})
    named = str(template.get("name") or "") if formatter.language == "en" else ""
    blocks = tuple(_insight(row, formatter) for row in ordered)
    return Section(
        id="ai_insights",
        title=named or label("insights", formatter.language),
        blocks=blocks,
    )


def _insight(row: InsightRow, formatter: Formatter) -> Insight:
    return Insight(
        title=row.title,
        text="\n\n".join(block.text for block in text_blocks(row.content) if isinstance(block, Paragraph))
        or row.content,
        category=status_label(row.category, formatter.language),
        sort=status_label(row.insight_type, formatter.language),
        priority=row.priority,
        confidence=row.confidence_score,
        validation=row.validation_status,
        impact=row.predicted_impact,
        actions=tuple(
            action if isinstance(action, str) else one_line(action, formatter) for action in row.recommended_actions
        ),
        tone=status_tone(row.priority),
    )


def _raw_data(report: Report, formatter: Formatter) -> Iterator[Section]:
    blocks: list[Block] = []
    trend = report.metrics.get("trend")
    if is_records(trend):
        blocks.append(records_table("trend", trend, formatter))
    for row in report.insights:
        if row.supporting_data:
            figures = tuple(
                KeyFigure(
                    label=title_of(key, formatter.language),
                    value=scaled(key, value) if is_scalar(value) else one_line(value, formatter),
                    kind=kind_of(key, [value]) if is_scalar(value) else "text",
                )
                for key, value in row.supporting_data.items()
            )
            blocks.append(KeyFigures(figures=figures, style="list", title=row.title))
    if blocks:
        yield Section(
            id="raw_data",
            title=label("raw_data", formatter.language),
            blocks=tuple(blocks),
        )
