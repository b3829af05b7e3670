from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from openpyxl import load_workbook
from pypdf import PdfReader

from contracts.args.report_options import ReportOptions
from contracts.errors import BadArgs
from db.repositories.values import Insight, Project, Report, Template
from exporters.document import Block, KeyFigures, ReportDocument, Section, Table, Timeline
from exporters.document import Insight as InsightBlock
from exporters.registry import EXPORTERS
from tasks.report_document import build_report_document
from tests.tools.pdf_pages import look
from tests.unit.exporters.samples import SECTIONS, TREND

SAMPLES = Path(__file__).resolve().parents[2] / "db" / "samples"
METRICS: dict[str, Any] = {
    "currency": "CAD",
    "as_of": "2026-10-31",
    "budget_at_completion": 1_034_000,
    "planned_value": 560_000,
    "earned_value": 520_000,
    "actual_cost": 601_234,
    "defect_density": 0.4,
    "trend": TREND,
}


def insight(priority: str, title: str) -> Insight:
    return Insight(
        id=UUID(int=9), insight_type="prediction", category="budget", title=title, content="It will cost more.",
        confidence_score=Decimal("0.90"), priority=priority, validation_status="validated", predicted_impact="Money.",
        recommended_actions=["Decide.", {"action": "Ask", "by": "May"}],
        supporting_data={"estimate_at_completion": 1_195_530},
    )  # fmt: skip


def report(**changes: Any) -> Report:
    project = Project(
        id=UUID(int=1), name="Heron Reach Locks", description=None, status="active", health="yellow",
        budget=Decimal(1_034_000), actual_cost=Decimal(601_234), currency="CAD", start_date=None, end_date=None,
        percentage_complete=Decimal("50.29"),
    )  # fmt: skip
    sections = [{"id": "ai_insights", "name": "AI-Generated Insights", "content": None}]
    template = Template(
        UUID(int=2), "Executive", "executive", sections, {"company_name": "CWS", "color_scheme": "modern_green"}
    )
    made = Report(
        id=UUID(int=3), title="Monthly report", report_month=date(2026, 10, 1), report_year=2026, status="approved",
        version=2, generated_at=datetime(2026, 11, 6, 14, tzinfo=UTC), executive_summary="All is not well.",
        ai_generated_summary=None, sections=SECTIONS, metrics=METRICS, template_customizations={},
        prepared_by="Owen Fairlamb", approved_by=None, project=project, template=template,
        insights=[insight("low", "Later"), insight("critical", "First")],
    )  # fmt: skip
    return replace(made, **changes)


def build(source: Report, **options: Any) -> ReportDocument:
    return build_report_document(source, options=ReportOptions.model_validate(options))


def ids(document: ReportDocument) -> list[str]:
    return [section.id for section in document.sections]


def section(document: ReportDocument, wanted: str) -> Section:
    return next(one for one in document.sections if one.id == wanted)


def figures(blocks: tuple[Block, ...]) -> Mapping[str, Any]:
    return {one.label: one.value for block in blocks if isinstance(block, KeyFigures) for one in block.figures}


def test_key_figures_come_first_and_insights_before_the_recommendations() -> None:
    document = build(report())
    assert ids(document)[:2] == ["key_figures", "executive_summary"]
    assert ids(document)[-2:] == ["ai_insights", "recommendations"]
    assert ids(document).count("executive_summary") == 1
    assert document.theme.primary == "#00573c"


def test_figures_that_the_metrics_lack_are_derived() -> None:
    document = build(report())
    strip = figures(section(document, "key_figures").blocks)
    assert strip["Estimate at completion"] == round(Decimal(1_034_000) * 601_234 / 520_000)
    assert round(strip["Cost index (CPI)"], 3) == Decimal("0.865")
    others = figures(section(document, "key_metrics").blocks)
    assert others["Cost variance"] == -81_234
    assert others["Defect density"] == Decimal("0.4")


def test_figures_that_the_metrics_give_are_taken_as_they_are() -> None:
    document = build(report(metrics={**METRICS, "estimate_at_completion": 999, "cpi": 0.5}))
    strip = figures(section(document, "key_figures").blocks)
    assert (strip["Estimate at completion"], strip["Cost index (CPI)"]) == (999, Decimal("0.5"))


def test_without_metrics_the_projects_own_figures_have_to_do() -> None:
    strip = figures(section(build(report(metrics={})), "key_figures").blocks)
    assert strip["Earned value"] == 519_999
    assert strip["Actual cost"] == 601_234
    assert "Schedule index (SPI)" not in strip or strip["Schedule index (SPI)"] is None


def test_a_project_without_figures_still_has_a_report() -> None:
    bare = replace(report().project, budget=None, actual_cost=None, percentage_complete=None)
    document = build(report(metrics={}, project=bare, sections=[], insights=[]))
    assert ids(document) == ["key_figures", "executive_summary"]


def test_the_options_decide_what_is_shown() -> None:
    document = build(report(), include_ai_insights=False, include_charts=False, include_raw_data=True)
    assert "ai_insights" not in ids(document)
    assert ids(document)[-1] == "raw_data"
    assert not any(block.type == "chart" for one in document.sections for block in one.blocks)
    raw = section(document, "raw_data").blocks
    assert isinstance(raw[0], Table)
    assert len(raw[0].rows) == len(TREND)


def test_only_the_sections_asked_for_are_shown_in_their_order() -> None:
    assert ids(build(report(), sections=("risks_issues", "budget_status"))) == ["risks_issues", "budget_status"]
    with pytest.raises(BadArgs, match="did you mean 'budget_status'"):
        build(report(), sections=("budget_statu",))


def test_language_is_the_options_then_the_reports_then_english() -> None:
    french = report(template_customizations={"language": "fr"})
    assert build(report()).language == "en"
    assert build(french).language == "fr"
    assert build(french, language="en").language == "en"


def test_insights_stand_in_the_order_of_their_priority() -> None:
    blocks = section(build(report()), "ai_insights").blocks
    assert [block.title for block in blocks if isinstance(block, InsightBlock)] == ["First", "Later"]
    first = blocks[0]
    assert isinstance(first, InsightBlock)
    assert first.actions == ("Decide.", "Action: Ask; By: May")


def test_the_reports_date_is_drawn_into_its_timeline() -> None:
    blocks = section(build(report()), "schedule_status").blocks
    assert [block.today for block in blocks if isinstance(block, Timeline)] == [date(2026, 10, 31)]


def test_a_summary_by_a_model_is_named_as_such() -> None:
    document = build(report(executive_summary=None, ai_generated_summary="Drafted.", sections=[]))
    assert "language model" in section(document, "executive_summary").model_dump_json()


def test_sections_follow_their_order_where_all_have_one() -> None:
    assert ids(build(report(sections=list(reversed(SECTIONS))))) == ids(build(report()))


def sample(path: Path) -> Report:
    """A sample report as a repository would return it."""
    raw = yaml.safe_load(path.read_text())
    described = next(
        found
        for file in (SAMPLES / "projects").glob("*.yaml")
        if (found := yaml.safe_load(file.read_text()))["id"] == raw["project_id"]
    )
    plain = json.loads(json.dumps({key: raw[key] for key in ("sections", "metrics")}, default=str))
    project = replace(
        report().project,
        name=described["name"],
        budget=Decimal(described["budget"]),
        actual_cost=Decimal(described["actual_cost"]),
        percentage_complete=Decimal(str(described["percentage_complete"])),
    )
    insights = [
        Insight(
            UUID(row["id"]), row["insight_type"], row["category"], row["title"], row["content"],
            Decimal(str(row["confidence_score"])), row["priority"], row["validation_status"],
            row.get("predicted_impact"),
            row["recommended_actions"], row["supporting_data"],
        )
        for row in raw.get("insights", [])
    ]  # fmt: skip
    return report(
        title=raw["title"], sections=plain["sections"], metrics=plain["metrics"], insights=insights, project=project,
        executive_summary=raw["executive_summary"], template_customizations=raw["template_customizations"] or {},
    )  # fmt: skip


@pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_sample_reports_come_out_whole_in_every_format(path: Path) -> None:
    source = sample(path)
    document = build(source, include_raw_data=True)
    assert ReportDocument.model_validate_json(document.model_dump_json()) == document
    pdf = EXPORTERS["pdf"].render(document)
    assert look(pdf) == []
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    squeezed = "".join(text.split())
    book = load_workbook(BytesIO(EXPORTERS["excel"].render(document)))
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    for one in source.insights:
        assert "".join(one.title.split()) in squeezed
        assert one.title in values
    for month in source.metrics["trend"]:
        assert month["actual_cost"] in values
    risks = next(raw for raw in source.sections if raw["id"] == "risks_issues")["content"]["risks"]
    for risk in risks:
        assert "".join(risk["response"].split()) in squeezed
        assert risk["title"] in values


def as_jsonb_keeps_it(value: Any) -> Any:
    """PostgreSQL's jsonb orders keys by their length, then by their bytes."""
    if isinstance(value, Mapping):
        return {key: as_jsonb_keeps_it(value[key]) for key in sorted(value, key=lambda key: (len(key), key.encode()))}
    return [as_jsonb_keeps_it(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_report_looks_the_same_although_the_database_forgets_the_order_of_keys(path: Path) -> None:
    sample = as_jsonb_keeps_it(yaml.safe_load(path.read_text(encoding="utf-8")))
    document = build(report(sections=sample["sections"], metrics=sample["metrics"]))
    tables = {block.title: block for one in document.sections for block in one.blocks if isinstance(block, Table)}
    assert [column.key for column in tables["Risk register"].columns][:6] == [
        *("id", "title", "category", "probability", "cost_impact.low", "cost_impact.most_likely"),
    ]
    assert [column.key for column in tables["Budget by category"].columns] == [
        *("category", "planned_amount", "actual_amount", "committed_amount", "forecast_amount", "variance"),
    ]
    assert [column.key for column in tables["Milestones"].columns] == [
        *("name", "baseline_date", "forecast_date", "completion_date", "status", "progress_percentage", "owner"),
    ]
