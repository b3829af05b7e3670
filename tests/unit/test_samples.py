"""The figures of the sample data add up, and its rows refer to one another."""

import itertools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from contracts.args.simulations import RunSimulation
from engines.simulation.calendars import working_days
from engines.simulation.simulate import Baseline, baseline_of
from tasks.simulation_model import model_of, project_calendar
from tests.support.plans import sample_plan

SAMPLES = Path(__file__).parents[2] / "db" / "samples"

AMOUNTS = ("planned_value", "earned_value", "actual_cost")
RISK_CATEGORIES = {"technical", "financial", "resource", "schedule", "external"}
RISK_STATUSES = {"identified", "analyzing", "mitigating", "closed"}
MILESTONE_STATUSES = {"completed", "on_track", "at_risk", "late", "not_started"}
TWINS = {
    "GENERAL ACCOUNTABILITY": "RESPONSABILITÉS GÉNÉRALES",
    "ORGANIZATION STRUCTURE": "STRUCTURE ORGANISATIONNELLE",
    "NATURE AND SCOPE": "NATURE ET PORTÉE DES FONCTIONS",
    "DIMENSIONS": "ÉTENDUE DES RESPONSABILITÉS",
    "SPECIFIC ACCOUNTABILITIES": "RESPONSABILITÉS PARTICULIÈRES",
    "WORKING CONDITIONS": "CONDITIONS DE TRAVAIL",
    "CERTIFICATION": "ATTESTATION",
}

Row = dict[str, Any]


def load(path: Path) -> Row:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


PROGRAMME = load(SAMPLES / "programme.yaml")
PROJECTS = {path.stem: load(path) for path in sorted((SAMPLES / "projects").glob("*.yaml"))}
REPORTS = {path.stem: load(path) for path in sorted((SAMPLES / "reports").glob("*.yaml"))}
PLANS = {path.stem: load(path) for path in sorted((SAMPLES / "plans").glob("*.yaml"))}
FULL = "heron-reach-locks-2026-10"
PAIRS = sorted(path.name.removesuffix(".en.md") for path in (SAMPLES / "job_descriptions").glob("*.en.md"))

FRENCH_PLAN = PLANS["plans-records-digitization"]

each_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())
each_project = pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
each_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
each_pair = pytest.mark.parametrize("pair", PAIRS)


def content(report: Row, section_id: str) -> Row:
    found = next(section["content"] for section in report["sections"] if section["id"] == section_id)
    assert isinstance(found, dict)
    return found


def project_of(report: Row) -> Row:
    return next(project for project in PROJECTS.values() if project["id"] == report["project_id"])


def report_of(plan: Row) -> Row:
    return next(report for report in REPORTS.values() if report["project_id"] == plan["project"])


def baseline(plan: Row) -> Baseline:
    """The plan as it is estimated, by the engine that simulates it."""
    name = next(name for name, one in PLANS.items() if one is plan)
    return baseline_of(model_of(sample_plan(name), RunSimulation(project_id=UUID(plan["project"]))))


def rounded(value: float, shown: float) -> bool:
    """Whether `shown` is `value` rounded to three or four decimals."""
    return any(shown == round(value, digits) for digits in (3, 4))


def ids_in(value: Any) -> Iterator[str]:
    """Every value of a key `id` that is a UUID, however deep."""
    if isinstance(value, dict):
        if re.fullmatch(r"[0-9a-f-]{36}", str(value.get("id", ""))):
            yield value["id"]
        for inner in value.values():
            yield from ids_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids_in(inner)


def description(pair: str, language: str) -> tuple[Row, str]:
    text = (SAMPLES / "job_descriptions" / f"{pair}.{language}.md").read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front), body


# References


def test_there_are_three_projects_each_in_another_health_and_each_with_a_report() -> None:
    assert sorted(project["health"] for project in PROJECTS.values()) == ["green", "red", "yellow"]
    assert {report["project_id"] for report in REPORTS.values()} == {project["id"] for project in PROJECTS.values()}


def test_every_id_is_a_uuid_and_none_is_used_twice() -> None:
    ids = list(ids_in([PROGRAMME, *PROJECTS.values(), *REPORTS.values()]))
    assert len(ids) == len(set(ids))
    assert all(str(UUID(one)) == one for one in ids)


def test_every_person_project_and_template_referred_to_exists() -> None:
    people = {person["id"] for person in PROGRAMME["people"]}
    templates = {template["id"] for template in PROGRAMME["templates"]}
    for template in PROGRAMME["templates"]:
        assert template["created_by"] in people
        assert template["organization_id"] == PROGRAMME["organization"]["id"]
    for project in PROJECTS.values():
        assert {project["manager"], project["created_by"]} <= people
        assert project["manager"] in {member["person"] for member in project["members"]} <= people
    for report in REPORTS.values():
        assert report["template_id"] in templates
        assert report["generated_by"] in people
        assert report["approved_by"] in people | {None}


@each_report
def test_every_owner_is_a_person_of_the_programme(report: Row) -> None:
    names = {person["display_name"] for person in PROGRAMME["people"]}
    for section in report["sections"]:
        tables = section["content"].values() if isinstance(section["content"], dict) else []
        for row in itertools.chain.from_iterable(table for table in tables if isinstance(table, list)):
            assert row.get("owner", PROGRAMME["people"][0]["display_name"]) in names


def test_every_address_is_under_the_reserved_domain() -> None:
    assert all(person["email"].endswith(".example.org") for person in PROGRAMME["people"])


@each_report
def test_every_required_section_of_the_template_is_there_in_order(report: Row) -> None:
    template = next(one for one in PROGRAMME["templates"] if one["id"] == report["template_id"])
    present = [section["id"] for section in report["sections"]]
    required = [section["id"] for section in template["sections"] if section["required"]]
    assert [section for section in present if section in required] == required
    assert [section["order"] for section in report["sections"]] == list(range(1, len(present) + 1))


# Statuses


@each_project
def test_the_words_of_a_project_are_those_of_the_schema(project: Row) -> None:
    assert project["status"] in {"planning", "active", "on-hold", "completed", "cancelled"}
    assert project["priority"] in {"low", "medium", "high", "critical"}
    assert project["currency"] == "CAD"
    assert project["start_date"] < project["end_date"]


@each_report
def test_the_words_of_a_report_are_those_of_the_schema(report: Row) -> None:
    assert report["status"] in {"draft", "review", "approved", "distributed"}
    assert (report["approved_by"] is not None) == (report["status"] in {"approved", "distributed"})
    assert report["report_month"] == date(2026, 10, 1)
    assert report["report_year"] == 2026
    for insight in report["insights"]:
        assert insight["insight_type"] in {"prediction", "recommendation", "alert", "summary"}
        assert insight["category"] in {"budget", "schedule", "resource", "risk", "quality"}
        assert insight["priority"] in {"low", "medium", "high", "critical"}
        assert insight["validation_status"] in {"pending", "validated", "rejected", "needs_review"}
        assert 0 <= insight["confidence_score"] <= 1


# Earned value


@each_report
def test_the_earned_value_figures_follow_from_the_first_four(report: Row) -> None:
    metrics = report["metrics"]
    bac, planned = metrics["budget_at_completion"], metrics["planned_value"]
    earned, actual = metrics["earned_value"], metrics["actual_cost"]
    estimate = round(bac * actual / earned)
    assert rounded(earned / bac, metrics["percent_complete"])
    assert rounded(earned / actual, metrics["cost_performance_index"])
    assert rounded(earned / planned, metrics["schedule_performance_index"])
    assert rounded((bac - earned) / (bac - actual), metrics["to_complete_performance_index"])
    assert metrics["cost_variance"] == earned - actual
    assert metrics["schedule_variance"] == earned - planned
    assert metrics["estimate_at_completion"] == estimate
    assert metrics["estimate_to_complete"] == estimate - actual
    assert metrics["variance_at_completion"] == bac - estimate


@each_report
def test_the_trend_rises_month_by_month_and_ends_at_the_headline_figures(report: Row) -> None:
    trend = report["metrics"]["trend"]
    assert 10 <= len(trend) <= 18
    months = [int(point["month"][:4]) * 12 + int(point["month"][5:]) for point in trend]
    assert months == list(range(months[0], months[0] + len(months)))
    assert trend[-1]["month"] == f"{report['metrics']['as_of']:%Y-%m}"
    for amount in AMOUNTS:
        values = [point[amount] for point in trend]
        assert all(earlier < later for earlier, later in itertools.pairwise(values))
        assert values[-1] == report["metrics"][amount]


@each_report
def test_the_project_carries_the_same_figures_as_its_report(report: Row) -> None:
    project, metrics = project_of(report), report["metrics"]
    assert project["budget"] == metrics["budget_at_completion"]
    assert project["actual_cost"] == metrics["actual_cost"]
    assert project["percentage_complete"] == round(metrics["percent_complete"] * 100, 2)


@each_report
def test_the_summary_states_the_headline_figures(report: Row) -> None:
    french = report["template_customizations"].get("language") == "fr"
    for name in (*AMOUNTS, "estimate_at_completion"):
        amount = f"{report['metrics'][name]:,}"
        written = amount.replace(",", "\N{NO-BREAK SPACE}") if french else amount
        if french and name == "planned_value":  # given there as a difference
            written = f"{report['metrics']['schedule_variance']:,}".replace(",", "\N{NO-BREAK SPACE}")
        assert written in report["executive_summary"]


# Budget


@each_report
def test_budget_categories_add_up_to_the_budget_at_completion(report: Row) -> None:
    categories = content(report, "budget_status")["categories"]
    assert sum(row["planned_amount"] for row in categories) == report["metrics"]["budget_at_completion"]


@each_report
def test_budget_categories_add_up_to_the_actual_cost(report: Row) -> None:
    categories = content(report, "budget_status")["categories"]
    assert sum(row["actual_amount"] for row in categories) == report["metrics"]["actual_cost"]


@each_report
def test_budget_categories_add_up_to_the_estimate_at_completion(report: Row) -> None:
    categories = content(report, "budget_status")["categories"]
    assert sum(row["forecast_amount"] for row in categories) == report["metrics"]["estimate_at_completion"]


@each_report
def test_no_category_has_spent_and_committed_more_than_its_forecast(report: Row) -> None:
    for row in content(report, "budget_status")["categories"]:
        assert row["actual_amount"] + row["committed_amount"] <= row["forecast_amount"]


def test_approved_changes_from_contingency_explain_what_is_left_of_it() -> None:
    report = REPORTS[FULL]
    contingency = content(report, "budget_status")["categories"][-1]
    changes = content(report, "change_log")["changes"]
    released = sum(row["cost_effect"] for row in changes if row["status"] == "approved" and row["cost_effect"] > 0)
    assert contingency["category"] == "Contingency"
    assert contingency["planned_amount"] - released == contingency["forecast_amount"]


# Schedule


@each_report
def test_milestone_dates_agree_with_their_status(report: Row) -> None:
    as_of = report["metrics"]["as_of"]
    for row in content(report, "schedule_status")["milestones"]:
        assert row["status"] in MILESTONE_STATUSES
        if row["status"] == "completed":
            assert row["completion_date"] == row["forecast_date"] <= as_of
            assert row["progress_percentage"] == 100
        else:
            assert row["completion_date"] is None
            assert row["forecast_date"] > as_of
            assert row["progress_percentage"] < 100
            assert (row["status"] == "late") == (row["baseline_date"] <= as_of)
        if row["status"] == "on_track":
            assert row["forecast_date"] <= row["baseline_date"]
        if row["status"] == "not_started":
            assert row["progress_percentage"] == 0


@each_report
def test_milestones_are_in_order_and_within_the_baseline_of_the_project(report: Row) -> None:
    project = project_of(report)
    baselines = [row["baseline_date"] for row in content(report, "schedule_status")["milestones"]]
    assert project["start_date"] <= min(baselines)
    assert max(baselines) <= project["end_date"]
    assert project["start_date"] < report["metrics"]["as_of"] < project["end_date"]


# Plans


def test_two_projects_have_a_plan_and_one_has_none() -> None:
    assert sorted(PLANS) == ["heron-reach-locks", "plans-records-digitization"]
    assert all(plan["project"] == PROJECTS[name]["id"] for name, plan in PLANS.items())


@each_plan
def test_a_plan_refers_to_rows_of_its_own(plan: Row) -> None:
    codes = [activity["code"] for activity in plan["activities"]]
    milestones = [milestone["name"] for milestone in plan["milestones"]]
    assert 12 <= len(codes) == len(set(codes)) <= 18
    assert 8 <= len({line["code"] for line in plan["cost_lines"]}) == len(plan["cost_lines"]) <= 12
    for activity in plan["activities"]:
        assert set(activity.get("after", ())) <= set(codes)
        assert activity.get("milestone", milestones[0]) in milestones
        assert activity.get("calendar") in {None, *(calendar["name"] for calendar in plan["calendars"])}
    assert {line["activity"] for line in plan["cost_lines"] if "activity" in line} <= set(codes)
    assert {risk["owner_id"] for risk in plan["risks"]} <= {person["id"] for person in PROGRAMME["people"]}


@each_plan
def test_a_plan_is_of_the_day_of_its_report(plan: Row) -> None:
    assert plan["data_date"] == report_of(plan)["metrics"]["as_of"]


@each_plan
def test_the_most_likely_cost_of_a_plan_is_the_forecast_of_its_report_without_contingency(plan: Row) -> None:
    report = report_of(plan)
    forecast = {row["category"]: row["forecast_amount"] for row in content(report, "budget_status")["categories"]}
    contingency = forecast.pop("Contingency", 0)
    days = {row["code"]: row.get("remaining_duration", row["duration"][1]) for row in plan["activities"]}
    planned = dict.fromkeys(forecast, 0)
    for line in plan["cost_lines"]:
        amount = line["amount"][1]
        burns = line.get("cost_type") == "burn_rate"
        planned[line["category"]] += line.get("actual_amount", 0) + amount * days[line["activity"]] if burns else amount
    assert planned == forecast
    assert baseline(plan).cost == report["metrics"]["estimate_at_completion"] - contingency


@each_plan
def test_what_a_plan_has_spent_is_what_its_report_says_by_category(plan: Row) -> None:
    for row in content(report_of(plan), "budget_status")["categories"]:
        lines = [line for line in plan["cost_lines"] if line["category"] == row["category"]]
        assert sum(line.get("actual_amount", 0) for line in lines) == row["actual_amount"]


@each_plan
def test_the_milestones_of_a_plan_are_those_of_its_report(plan: Row) -> None:
    reported = {row["name"]: row for row in content(report_of(plan), "schedule_status")["milestones"]}
    for milestone in plan["milestones"]:
        row = reported[milestone["name"]]
        assert milestone["due_date"] == row["baseline_date"]
        assert milestone.get("completion_date") == row["completion_date"]
        assert (milestone["status"], milestone["progress_percentage"]) == (row["status"], row["progress_percentage"])


@each_plan
def test_the_critical_path_of_a_plan_ends_every_milestone_on_the_day_that_its_report_forecasts(plan: Row) -> None:
    reported = {row["name"]: row for row in content(report_of(plan), "schedule_status")["milestones"]}
    planned = baseline(plan)
    for activity in plan["activities"]:
        if "milestone" in activity:
            assert planned.activities[activity["code"]] == reported[activity["milestone"]]["forecast_date"]
    assert planned.finish == max(row["forecast_date"] for row in reported.values())


@each_plan
def test_the_risks_of_a_plan_are_those_of_its_report_scaled_to_the_project(plan: Row) -> None:
    project, report = project_of(report_of(plan)), report_of(plan)
    reported = {row["title"]: row for row in content(report, "risks_issues")["risks"]}
    calendar = project_calendar(sample_plan(next(name for name, one in PLANS.items() if one is plan)).calendars)
    days = working_days(calendar, project["start_date"], project["end_date"])
    for risk in plan["risks"]:
        row = reported[risk["title"]]
        share = ("probability", "category", "status", "due_date")
        assert [risk[name] for name in share] == [row[name] for name in share]
        assert risk["mitigation"] == row["response"]
        if risk["category"] == "schedule":
            assert risk["impact"] == round(row["schedule_impact_days"]["most_likely"] / (0.1 * days), 2)
        else:
            assert risk["impact"] == round(row["cost_impact"]["most_likely"] / (0.1 * project["budget"]), 2)


# Risks, issues, decisions


def test_the_full_report_has_twenty_risks_or_more_and_three_opportunities() -> None:
    section = content(REPORTS[FULL], "risks_issues")
    assert len(section["risks"]) >= 20
    assert len(section["opportunities"]) == 3
    assert len(content(REPORTS[FULL], "schedule_status")["milestones"]) == 16


@each_report
def test_three_point_estimates_are_ordered_and_probabilities_lie_between_nought_and_one(report: Row) -> None:
    section = content(report, "risks_issues")
    for row in [*section["risks"], *section.get("opportunities", [])]:
        kind = "impact" if row["id"].startswith("R-") else "benefit"
        for estimate in (row[f"cost_{kind}"], row[f"schedule_{kind}_days"]):
            assert list(estimate) == ["low", "most_likely", "high"]
            assert 0 <= estimate["low"] <= estimate["most_likely"] <= estimate["high"]
        assert 0 <= row["probability"] <= 1


@each_report
def test_the_words_of_the_risk_register_are_those_of_the_schema(report: Row) -> None:
    section = content(report, "risks_issues")
    rows = [*section["risks"], *section.get("opportunities", [])]
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["category"] in RISK_CATEGORIES
        assert row["status"] in RISK_STATUSES
    assert all(row["severity"] in {"low", "medium", "high", "critical"} for row in section["issues"])


@each_report
def test_an_open_risk_is_due_after_the_report_and_a_closed_one_before(report: Row) -> None:
    for row in content(report, "risks_issues")["risks"]:
        assert (row["due_date"] <= report["metrics"]["as_of"]) == (row["status"] == "closed")


def test_changes_and_decisions_are_dated_by_their_status() -> None:
    report = REPORTS[FULL]
    as_of = report["metrics"]["as_of"]
    decisions = content(report, "decisions")["decisions"]
    assert all((row["status"] == "taken") == (row["date"] <= as_of) for row in decisions)
    assert sum(row["status"] == "wanted" for row in decisions) >= 2
    changes = content(report, "change_log")["changes"]
    assert [row["date"] for row in changes] == sorted(row["date"] for row in changes)
    assert all(row["date"] <= as_of for row in changes)
    assert {row["status"] for row in changes} <= {"approved", "pending", "rejected"}


# Insights


@each_report
def test_insights_cite_the_figures_of_their_own_report(report: Row) -> None:
    metrics = report["metrics"]
    risks = {row["id"]: row for row in content(report, "risks_issues")["risks"]}
    sections = {section["id"] for section in report["sections"]}
    for insight in report["insights"]:
        cited = insight["supporting_data"]
        assert all(metrics[key] == value for key, value in cited.items() if key in metrics)
        if "risk_id" in cited:
            risk = risks[cited["risk_id"]]
            assert cited.get("probability", risk["probability"]) == risk["probability"]
        assert {source.split(".")[0] for source in insight["data_sources"]} <= {"metrics", *sections}


def test_the_exposure_cited_by_the_full_report_is_that_of_its_register() -> None:
    report = REPORTS[FULL]
    risks = content(report, "risks_issues")["risks"]
    expected = {row["id"]: row["probability"] * row["cost_impact"]["most_likely"] for row in risks}
    cited = next(one["supporting_data"] for one in report["insights"] if "expected_cost" in one["supporting_data"])
    assert cited["expected_cost"] == round(max(expected.values())) == round(expected[cited["risk_id"]])
    assert cited["expected_cost_of_register"] == round(sum(expected.values()))


def test_the_indices_cited_by_the_full_report_are_those_of_its_trend() -> None:
    report = REPORTS[FULL]
    trend = report["metrics"]["trend"]
    cited = {key: value for one in report["insights"] for key, value in one["supporting_data"].items()}
    assert cited["best_index_in_twelve_months"] == round(
        max(point["earned_value"] / point["actual_cost"] for point in trend[-12:]), 3
    )
    assert cited["lowest_index"] == round(min(point["earned_value"] / point["planned_value"] for point in trend), 3)


# Languages


def test_the_french_summary_of_the_full_report_states_the_figures_of_the_english_one() -> None:
    report = REPORTS[FULL]
    section = next(one for one in report["sections"] if one["id"] == "executive_summary_fr")
    assert section["language"] == "fr"
    english = re.findall(r"\$([\d,]+\d)", report["executive_summary"])
    french = re.findall(r"(\d[\d\N{NO-BREAK SPACE}]*)\N{NO-BREAK SPACE}\$", section["content"])
    assert sorted(amount.replace(",", "") for amount in english) == sorted(
        amount.replace("\N{NO-BREAK SPACE}", "") for amount in french
    )


@each_pair
def test_a_job_description_and_its_translation_are_of_the_same_position(pair: str) -> None:
    english, english_body = description(pair, "en")
    french, french_body = description(pair, "fr")
    assert (english["language"], french["language"]) == ("en", "fr")
    for key in ("job_number", "classification", "effective_date", "fte_count", "salary_budget"):
        assert english[key] == french[key]
    assert f"Position Number: {english['job_number']}" in english_body
    assert f"Numéro du poste\N{NO-BREAK SPACE}: {english['job_number']}" in french_body


@each_pair
def test_a_job_description_and_its_translation_have_the_same_sections(pair: str) -> None:
    headings = {
        language: re.findall(r"^## (.+)$", description(pair, language)[1], re.MULTILINE) for language in ("en", "fr")
    }
    assert headings["en"] == list(TWINS)
    assert headings["fr"] == [TWINS[heading] for heading in headings["en"]]


@each_pair
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_job_description_has_the_length_of_a_real_one(pair: str, language: str) -> None:
    assert 900 <= len(description(pair, language)[1].split()) <= 1400


def test_french_text_has_no_breaking_space_before_high_punctuation_or_a_dollar_sign() -> None:
    french = [
        REPORTS[FULL]["sections"][1]["content"],
        *(description(pair, "fr")[1] for pair in PAIRS),
        (SAMPLES / "reports" / "plans-records-digitization-2026-10.yaml").read_text(encoding="utf-8"),
        *([str(row["name"]) for table in ("milestones", "activities", "cost_lines") for row in FRENCH_PLAN[table]]),
    ]
    for text in french:
        assert not re.search(r" [:;?!»%$]|« |\d \d{3}\b", text)
