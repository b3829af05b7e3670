"""Monthly reports: reading one whole, and listing those that the asker may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from db.models import AiInsight, AuthUser, PmrReport, PmrTemplate, Project
from db.repositories import values


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """One line of a list of reports."""

    id: UUID
    title: str
    project: str
    report_month: date
    status: str
    version: int


def find_report(session: Session, report_id: UUID) -> values.Report | None:
    """Return the report with its project, template and insights, or None."""
    author, approver = aliased(AuthUser), aliased(AuthUser)
    row = session.execute(
        select(PmrReport, Project, PmrTemplate, author, approver)
        .join(Project, Project.id == PmrReport.project_id)
        .join(PmrTemplate, PmrTemplate.id == PmrReport.template_id)
        .join(author, author.id == PmrReport.generated_by)
        .outerjoin(approver, approver.id == PmrReport.approved_by)
        .where(PmrReport.id == report_id)
    ).one_or_none()
    return to_report(row, find_insights(session, report_id)) if row else None


def find_insights(session: Session, report_id: UUID) -> tuple[values.Insight, ...]:
    """Return the report's insights that nobody rejected, the most urgent first."""
    rows = session.scalars(
        select(AiInsight)
        .where(AiInsight.report_id == report_id, AiInsight.validation_status != "rejected")
        .order_by(AiInsight.priority.desc(), AiInsight.confidence_score.desc(), AiInsight.id)
    )
    return tuple(to_insight(row) for row in rows)


def list_reports(session: Session, *, limit: int) -> list[ReportSummary]:
    """Return the active reports that this transaction may see, newest month first."""
    rows = session.execute(
        select(
            PmrReport.id,
            PmrReport.title,
            Project.name.label("project"),
            PmrReport.report_month,
            PmrReport.status,
            PmrReport.version,
        )
        .join(Project, Project.id == PmrReport.project_id)
        .where(PmrReport.is_active.is_(True))
        .order_by(PmrReport.report_month.desc(), Project.name, PmrReport.version.desc())
        .limit(limit)
    )
    return [ReportSummary(**row) for row in rows.mappings()]


def to_report(
    row: Row[PmrReport, Project, PmrTemplate, AuthUser, AuthUser], insights: tuple[values.Insight, ...]
) -> values.Report:
    """Turn the joined rows into a value; columns that the schema lets be NULL take their defaults."""
    report, project, template, author, approver = row
    return values.Report(
        id=report.id,
        title=report.title,
        report_month=report.report_month,
        report_year=report.report_year,
        status=report.status or "draft",
        version=report.version or 1,
        generated_at=report.generated_at or datetime.combine(report.report_month, time(), UTC),
        executive_summary=report.executive_summary,
        ai_generated_summary=report.ai_generated_summary,
        sections=report.sections,
        metrics=report.metrics or {},
        template_customizations=report.template_customizations or {},
        prepared_by=display_name(author),
        approved_by=display_name(approver),
        project=to_project(project),
        template=to_template(template),
        insights=insights,
        monte_carlo_analysis=report.monte_carlo_analysis or {},
    )


def to_project(row: Project) -> values.Project:
    """Copy what a report shows of its project."""
    return values.Project(
        id=row.id,
        name=row.name,
        description=row.description,
        status=row.status,
        health=row.health,
        budget=row.budget,
        actual_cost=row.actual_cost,
        currency=row.currency,
        start_date=row.start_date,
        end_date=row.end_date,
        percentage_complete=row.percentage_complete,
    )


def to_template(row: PmrTemplate) -> values.Template:
    """Copy what a report takes from its template."""
    return values.Template(
        id=row.id,
        name=row.name,
        template_type=row.template_type,
        sections=row.sections,
        branding_config=row.branding_config or {},
    )


def to_insight(row: AiInsight) -> values.Insight:
    """Copy what a report shows of an insight."""
    return values.Insight(
        id=row.id,
        insight_type=row.insight_type,
        category=row.category,
        title=row.title,
        content=row.content,
        confidence_score=row.confidence_score,
        priority=row.priority or "medium",
        validation_status=row.validation_status or "pending",
        predicted_impact=row.predicted_impact,
        recommended_actions=row.recommended_actions or (),
        supporting_data=row.supporting_data or {},
    )


def display_name(person: AuthUser | None) -> str | None:
    """Return a person's name, else their address, else None where there is nobody."""
    if person is None:
        return None
    return (person.raw_user_meta_data or {}).get("full_name") or person.email
