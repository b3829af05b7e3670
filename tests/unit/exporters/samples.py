"""A small document, and report data in the shape that the services write."""

# ruff: noqa: E501 - data
from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from exporters.document import Block, Cover, Paragraph, ReportDocument, Section

TREND = [
    {"month": "2026-08", "planned_value": 300_000, "earned_value": 290_000, "actual_cost": 310_000},
    {"month": "2026-09", "planned_value": 420_000, "earned_value": 400_000, "actual_cost": 445_000},
    {"month": "2026-10", "planned_value": 560_000, "earned_value": 520_000, "actual_cost": 601_234},
]

SECTIONS: list[dict[str, Any]] = [
    {"id": "executive_summary", "name": "Executive Summary", "order": 1, "content": "The project is behind plan."},
    {"id": "sommaire", "name": "Sommaire", "language": "fr", "order": 2, "content": "Le projet est en retard."},
    {"id": "key_metrics", "name": "Key Performance Metrics", "order": 3, "content": {"commentary": "Costs are rising."}},
    {
        "id": "budget_status",
        "name": "Budget Status",
        "order": 4,
        "content": {
            "commentary": "Civil works cost more.",
            "commentary_fr": "Le génie civil coûte plus cher.",
            "categories": [
                {"category": "Civil works", "planned_amount": 845_000, "actual_amount": 511_864, "forecast_amount": 931_200},
                {"category": "Design", "planned_amount": 189_000, "actual_amount": 154_122.5, "forecast_amount": 180_000},
            ],
        },
    },
    {
        "section_id": "schedule_status",
        "title": "Schedule Status",
        "order": 5,
        "content": {
            "milestones": [
                {"name": "Authority granted", "baseline_date": "2026-01-15", "forecast_date": "2026-01-15",
                 "completion_date": "2026-01-15", "status": "completed", "progress_percentage": 100},
                {"name": "Units delivered", "baseline_date": "2026-10-16", "forecast_date": "2026-12-04",
                 "completion_date": None, "status": "late", "progress_percentage": 70},
            ],
        },
    },
    {
        "id": "risks_issues",
        "name": "Key Risks and Issues",
        "order": 6,
        "content": {
            "risks": [
                {"id": f"R-{number:02}", "title": f"Risk {number} is larger than the survey said", "category": "technical",
                 "probability": number / 10, "cost_impact": {"low": 1000, "most_likely": 90_000 * number, "high": 987_654},
                 "schedule_impact_days": {"low": 1, "most_likely": 4, "high": 10},
                 "response": "More cores in November; unit prices agreed beforehand for removal in three bands.",
                 "owner": "Owen Fairlamb", "status": "mitigating", "due_date": "2026-11-27"}
                for number in range(1, 10)
            ],
            "issues": [],
        },
    },
    {"id": "recommendations", "name": "Recommendations", "order": 7, "content": ["Approve the change.", "Release the option."]},
]  # fmt: skip


def cover(**changes: Any) -> Cover:
    given: dict[str, Any] = {
        "title": "Monthly report",
        "project": "Heron Reach Locks",
        "organization": "Canadian Waterways Service",
        "period": date(2026, 10, 1),
        "status": "approved",
        "version": 2,
        "health": "at_risk",
        "generated_at": datetime(2026, 11, 6, 14, 30, tzinfo=UTC),
        "prepared_by": "Owen Fairlamb",
    }
    return Cover.model_validate({**given, **changes})


def document(*blocks: Block, **changes: Any) -> ReportDocument:
    """A document with one section of these blocks."""
    section = Section(id="one", title="First section", blocks=blocks or (Paragraph(text="Everything is well."),))
    return ReportDocument.model_validate({"id": "r/1", "cover": cover(), "sections": (section,), **changes})
