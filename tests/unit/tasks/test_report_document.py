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
from exporters.document import Block, KeyFigures, LineChart, ReportDocument, Section, Table, Timeline
from exporters.document import Insight as InsightBlock
from exporters.registry import EXPORTERS
from tasks.report_document import build_report_document
from tests.tools.pdf_pages import look
from tests.unit.exporters.samples import SECTIONS, TREND

SAMPLES = Path(__file__).resolve().parents[3] / "db" / "samples"
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


SIMULATED: dict[str, Any] = {
    "simulation_id": "4f0c", "iterations": 10_000, "seed": 1, "currency": "CAD", "simulated_at": "2026-11-23T02:00:00Z",
    "cost": {
        "mean": 1_191_000.4, "standard_deviation": 61_234.56,
        "percentiles": {"p95": 1_295_000, "p10": 1_112_345.6, "p50": 1_190_000, "p80": 1_243_210},
        "target": 1_034_000, "probability_within_target": 0.015,
        "contingency": {"p50": 156_000, "p80": 209_210, "p90": 235_000},
    },
    "schedule": {
        "percentiles": {"p10": "2027-04-20", "p50": "2027-05-14", "p80": "2027-06-03"},
        "target": "2027-05-01", "probability_by_target": 0.284,
    },
    "joint_probability": 0.011,
    "s_curve": {
        "cost": [[1_000_000, 0.0], [1_100_000, 0.07], [1_150_000, 0.25], [1_250_000, 0.83], [1_400_000, 1.0]],
        "finish": [["2027-04-01", 0.0], ["2027-07-01", 1.0]],
    },
    "tornado": [
        {"name": "Civil works", "kind": "cost_line", "effect": "cost", "correlation": 0.6149},
        {"name": "Wet tests", "kind": "activity", "effect": "finish", "correlation": -0.33},
        {"name": "Unsound concrete", "kind": "risk", "effect": "both", "correlation": None},
    ],
}  # fmt: skip


def simulated(**changes: Any) -> tuple[Block, ...]:
    return section(build(report(monte_carlo_analysis={**SIMULATED, **changes})), "monte_carlo_analysis").blocks


def test_a_simulation_is_a_section_after_the_risks() -> None:
    document = build(report(monte_carlo_analysis=SIMULATED))
    assert ids(document)[ids(document).index("risks_issues") + 1] == "monte_carlo_analysis"
    assert section(document, "monte_carlo_analysis").title == "Monte Carlo simulation"
    assert section(build(report(monte_carlo_analysis=SIMULATED), language="fr"), "monte_carlo_analysis").title == (
        "Simulation de Monte-Carlo"
    )
    assert "monte_carlo_analysis" not in ids(build(report()))
    without = [raw for raw in SECTIONS if raw.get("id") != "risks_issues"]
    document = build(report(sections=without, monte_carlo_analysis=SIMULATED), include_ai_insights=False)
    assert ids(document)[-2:] == ["monte_carlo_analysis", "recommendations"]


def test_a_simulations_figures_are_those_of_the_analysis() -> None:
    blocks = simulated()
    assert [block.type for block in blocks] == ["key_figures", "chart", "table", "key_figures", "table", "paragraph"]
    assert figures(blocks) == {
        "Cost, P50": 1_190_000, "Cost, P80": 1_243_210, "Contingency for P80": 209_210,
        "Probability of meeting the budget": Decimal("0.015"), "Finish, P50": date(2027, 5, 14),
        "Finish, P80": date(2027, 6, 3), "Probability of meeting the date": Decimal("0.284"),
        "Probability of meeting both": Decimal("0.011"), "Mean cost": 1_191_000,
        "Standard deviation of the cost": 61_235,
    }  # fmt: skip
    percentiles, drivers = (block for block in blocks if isinstance(block, Table))
    assert percentiles.rows == (
        ("P10", 1_112_346, None, date(2027, 4, 20)), ("P50", 1_190_000, 156_000, date(2027, 5, 14)),
        ("P80", 1_243_210, 209_210, date(2027, 6, 3)), ("P90", None, 235_000, None), ("P95", 1_295_000, None, None),
    )  # fmt: skip
    assert drivers.rows == (
        ("Civil works", "Cost line", "Cost", Decimal("0.61")),
        ("Wet tests", "Activity", "Finish date", Decimal("-0.33")),
        ("Unsound concrete", "Risk", "both", None),
    )  # fmt: skip
    assert "Iterations: 10,000. Simulated on November 23, 2026." in blocks[-1].model_dump_json()


def test_the_curve_of_a_simulation_has_equal_steps_on_its_axis() -> None:
    curve = next(block for block in simulated() if isinstance(block, LineChart))
    values = curve.series[0].values
    assert (values[0], values[-1]) == (Decimal(0), Decimal(1))
    assert list(values) == sorted(value for value in values if value is not None)
    assert (curve.categories[0], curve.categories[12], curve.categories[-1]) == (
        "$1,000,000",
        "$1,200,000",
        "$1,400,000",
    )
    # 1,200,000 lies halfway between 1,150,000 and 1,250,000: linear interpolation of 0.25 and 0.83.
    assert values[12] == Decimal("0.54")
    assert "1.5% of the iterations" in curve.finding
    assert "$1,190,000" in curve.finding
    bare = section(build(report(monte_carlo_analysis=SIMULATED), include_charts=False), "monte_carlo_analysis")
    assert not any(block.type == "chart" for block in bare.blocks)


def test_a_simulation_in_another_currency_says_so() -> None:
    strip = figures(simulated(currency="USD"))
    assert strip["Cost, P50"] == "US$1,190,000"


def test_what_people_wrote_of_the_simulation_comes_first() -> None:
    written = {"id": "monte_carlo_analysis", "name": "How sure are we?", "order": 8, "content": "Not very sure."}
    document = build(report(sections=[*SECTIONS, written], monte_carlo_analysis=SIMULATED))
    made = section(document, "monte_carlo_analysis")
    assert ids(document).count("monte_carlo_analysis") == 1
    assert made.title == "How sure are we?"
    assert "Not very sure." in made.blocks[0].model_dump_json()
    assert made.blocks[1:] == simulated()
    empty = {**written, "content": None}
    kept = section(build(report(sections=[*SECTIONS, empty], monte_carlo_analysis=SIMULATED)), "monte_carlo_analysis")
    assert kept.blocks == simulated()
    alone = section(build(report(sections=[*SECTIONS, empty])), "monte_carlo_analysis")
    assert "Nothing was reported" in alone.blocks[0].model_dump_json()


def test_an_analysis_of_another_shape_is_shown_as_any_other_data() -> None:
    blocks = section(
        build(report(monte_carlo_analysis={"p50_cost": 5, "notes": "by hand", "runs": [1, 2]})), "monte_carlo_analysis"
    ).blocks
    shown = " ".join(block.model_dump_json() for block in blocks)
    assert "by hand" in shown
    assert figures(blocks)["P50 cost"] == 5


@pytest.mark.parametrize(
    "wild",
    [
        *([], "text", 5, [1, {"cost": 2}], {"cost": None}, {"cost": []}, {"cost": {"percentiles": {"p50": "much"}}}),
        {"cost": {"percentiles": {"p50": float("nan"), "p80": 10**40, "px": 1, "p500": 2, "p90": True}}},
        {"cost": {"percentiles": {"p50": 5}, "contingency": 7, "target": "x", "probability_within_target": 42}},
        {"schedule": {"percentiles": {"p50": "2027-13-45", "p80": "2027-01-01"}, "target": 7}, "currency": 9},
        {"cost": {"percentiles": {"p50": 5}}, "s_curve": {"cost": [[5, 0.5], [5, 0.6], ["x", 1], 7, [6], [9, 2]]}},
        {"cost": {"percentiles": {"p50": 5}}, "s_curve": [1], "tornado": {"a": 1}, "iterations": "many"},
        {"cost": {"percentiles": {"p50": 5}}, "tornado": [None, "x", {"name": 4}, {"name": "n", "kind": 4}]},
    ],
)
def test_no_analysis_can_stop_a_report(wild: Any) -> None:
    for language in ("en", "fr"):
        document = build(report(monte_carlo_analysis=wild), language=language)
        assert EXPORTERS["slides"].render(document)
        assert EXPORTERS["excel"].render(document)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_simulation_comes_out_in_every_format_that_is_written_here(language: str) -> None:
    document = build(report(monte_carlo_analysis=SIMULATED), sections=("monte_carlo_analysis",), language=language)
    pdf = EXPORTERS["pdf"].render(document)
    assert look(pdf) == []
    text = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    deck = "".join(EXPORTERS["slides"].render(document).decode().replace("\xa0", "").split())
    for amount in (1_190_000, 1_243_210, 209_210, 1_112_346):
        shown = f"${amount:,}" if language == "en" else f"{amount:,}$".replace(",", "")
        assert shown in text.replace("\xa0", "")
        assert shown in deck
    book = load_workbook(BytesIO(EXPORTERS["excel"].render(document)))
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {1_190_000, 0.284, "Civil works"} <= values


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
