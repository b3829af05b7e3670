"""Insights cite figures that are in the report or follow from it, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from string import Formatter as Placeholders
from typing import Any
from uuid import UUID

import pytest
import yaml

from contracts.args.reports import InsightCategory
from db.repositories.insights import NewInsight
from db.repositories.values import Project, Report, Template
from engines.performance.insight_rules import RULES
from engines.performance.insight_texts import NOTES, WORDINGS
from engines.performance.insights import Insight, find_insights
from engines.performance.report_figures import read_report
from engines.text.numbers import find_numbers
from exporters.formatting import Formatter
from tasks.insights import figures_of, in_words, shower
from tasks.report_document import currency_of, language_of

SAMPLES = sorted((Path(__file__).parents[4] / "db" / "samples" / "reports").glob("*.yaml"))
HERON, PLANS, PERMITS = "heron-reach-locks-2026-10", "plans-records-digitization-2026-10", "vessel-permits-fees-2026-10"
PROJECT = Project(
    id=UUID(int=1), name="A project", description=None, status="active", health="green", budget=Decimal(1),
    actual_cost=Decimal(1), currency="CAD", start_date=None, end_date=None, percentage_complete=Decimal(50),
)  # fmt: skip


def load(name: str) -> dict[str, Any]:
    path = next(path for path in SAMPLES if path.stem == name)
    loaded: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    return loaded


def report_of(raw: Mapping[str, Any], **changes: Any) -> Report:
    made = Report(
        id=UUID(int=2), title=raw["title"], report_month=date(2026, 10, 1), report_year=2026, status="draft", version=1,
        generated_at=datetime(2026, 11, 2, tzinfo=UTC), executive_summary=None, ai_generated_summary=None,
        sections=raw["sections"], metrics=raw["metrics"], template_customizations=raw["template_customizations"],
        prepared_by=None, approved_by=None, project=PROJECT, insights=[],
        template=Template(UUID(int=3), "Executive", "executive", [], {}),
    )  # fmt: skip
    return replace(made, **changes)


def written(report: Report) -> list[tuple[Insight, NewInsight]]:
    show = shower(Formatter(language_of(report), currency_of(report)))
    return [(insight, in_words(insight, report, show)) for insight in find_insights(RULES, figures_of(report)).found]


def by_rule(report: Report) -> dict[str, NewInsight]:
    return {insight.rule.id: new for insight, new in written(report)}


def numbers_of(value: Any) -> Iterator[Decimal]:
    """Every number of a JSON value, also as a percentage and without its sign, and those within its texts."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from numbers_of(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from numbers_of(inner)
    elif isinstance(value, str):
        yield from (Decimal(part) for part in re.findall(r"\d+(?:\.\d+)?", value))
        yield from find_numbers(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield abs(Decimal(str(value)))
        yield abs(Decimal(str(value)) * 100)


def plain(text: str, new: NewInsight) -> str:
    """French writes 1,025 for what English writes 1.025: the text alone doesn't say which it is."""
    return re.sub(r"(?<=\d),(?=\d)", ".", text) if new.metadata["language"] == "fr" else text


each_report = pytest.mark.parametrize("name", [HERON, PLANS, PERMITS])


@each_report
def test_every_number_of_the_texts_is_cited(name: str) -> None:
    report = report_of(load(name))

    for _, new in written(report):
        cited = set(numbers_of({key: value for key, value in new.supporting_data.items() if key != "formulas"}))
        for text in (new.title, new.content, new.predicted_impact or "", *new.recommended_actions):
            for number in find_numbers(plain(text, new)):
                assert number in cited, f"{number} of {text!r} is cited nowhere"


def money(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def thousandth(value: Decimal) -> float:
    return float(value.quantize(Decimal("0.001"), ROUND_HALF_UP))


@each_report
def test_figures_of_earned_value_follow_from_the_reports_amounts(name: str) -> None:
    raw = load(name)
    bac, pv, ev, ac = (
        Decimal(raw["metrics"][key]) for key in ("budget_at_completion", "planned_value", "earned_value", "actual_cost")
    )
    expected = {
        "budget_at_completion": money(bac),
        "planned_value": money(pv),
        "earned_value": money(ev),
        "actual_cost": money(ac),
        "cost_performance_index": thousandth(ev / ac),
        "schedule_performance_index": thousandth(ev / pv),
        "to_complete_performance_index": thousandth((bac - ev) / (bac - ac)),
        "cost_variance": money(ev - ac),
        "schedule_variance": money(ev - pv),
        "cost_variance_share": thousandth(abs(ev - ac) / ev),
        "estimate_at_completion": money(bac * ac / ev),
        "estimate_at_completion_budgeted_rate": money(ac + bac - ev),
        "estimate_at_completion_both_indices": money(ac + (bac - ev) * ac * pv / (ev * ev)),
        "remaining_work_value": money(bac - ev),
        "remaining_budget": money(bac - ac),
    }
    seen = set()

    for _, new in written(report_of(raw)):
        for key, value in expected.items():
            if key in new.supporting_data:
                assert new.supporting_data[key] == value, key
                seen.add(key)

    assert len(seen) >= len(expected) - 3, "the rules of earned value have spoken"


def section(raw: Mapping[str, Any], section_id: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(part["content"][key] for part in raw["sections"] if part["id"] == section_id)
    return found


def test_the_locks_overrun_contingency_and_risks_are_those_of_its_tables() -> None:
    raw = load(HERON)
    insights = by_rule(report_of(raw))
    lines = section(raw, "budget_status", "categories")
    work = [line for line in lines if line["category"] != "Contingency"]
    overruns = {line["category"]: line["forecast_amount"] - line["planned_amount"] for line in work}
    open_risks = [risk for risk in section(raw, "risks_issues", "risks") if risk["status"] != "closed"]
    expected_cost = {
        risk["id"]: Decimal(str(risk["probability"])) * risk["cost_impact"]["most_likely"] for risk in open_risks
    }
    register = sum(expected_cost.values(), Decimal(0))

    overrun = insights["budget_lines"].supporting_data
    assert overrun["budget_line"] == max(overruns, key=lambda name: overruns[name])
    assert overrun["overrun_amount"] == max(overruns.values())
    assert overrun["overrun_amount_all_lines"] == sum(value for value in overruns.values() if value > 0)
    contingency = insights["contingency"].supporting_data
    assert contingency["contingency_remaining"] == 603_284
    assert contingency["expected_cost_of_register"] == money(register)
    assert contingency["cover_share"] == thousandth(603_284 / register)
    top = sorted(expected_cost, key=lambda id_: (-expected_cost[id_], id_))[:3]
    concentration = insights["risk_concentration"].supporting_data
    assert concentration["risk_ids"] == ", ".join(top)
    assert concentration["top_share"] == thousandth(sum((expected_cost[id_] for id_ in top), Decimal(0)) / register)


def test_the_late_milestone_of_the_locks_is_the_one_with_its_days() -> None:
    raw = load(HERON)
    late = [
        milestone
        for milestone in section(raw, "schedule_status", "milestones")
        if milestone["completion_date"] is None and milestone["baseline_date"] < "2026-10-31"
    ]
    assert len(late) == 1

    cited = by_rule(report_of(raw))["late_milestones"].supporting_data

    baseline, forecast = (date.fromisoformat(late[0][key]) for key in ("baseline_date", "forecast_date"))
    assert cited["milestone"] == late[0]["name"]
    assert cited["late_days"] == (date(2026, 10, 31) - baseline).days
    assert cited["slip_days"] == (forecast - baseline).days


@pytest.mark.parametrize(("name", "fewest", "most"), [(HERON, 8, 12), (PLANS, 4, 8), (PERMITS, 5, 12)])
def test_a_report_gives_as_many_insights_as_people_read(name: str, fewest: int, most: int) -> None:
    report = report_of(load(name))

    insights = written(report)

    assert fewest <= len(insights) <= most
    assert len({new.fingerprint for _, new in insights}) == len(insights)
    assert len({new.confidence_score for _, new in insights}) >= 3, "confidence says something"


@each_report
def test_titles_repeat_none_of_the_written_insights(name: str) -> None:
    raw = load(name)
    words = [set(re.findall(r"\w+", row["title"].lower())) for row in raw["insights"]]

    for _, new in written(report_of(raw)):
        ours = set(re.findall(r"\w+", new.title.lower()))
        for theirs in words:
            assert len(ours & theirs) / len(ours | theirs) < 0.5, new.title


def test_good_news_is_told_as_such_in_french() -> None:
    insights = by_rule(report_of(load(PLANS)))

    assert insights["budget_lines"].title == "Aucun poste budgétaire ne dépasse son plan"
    assert "2\N{NO-BREAK SPACE}083\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}$" in insights["cost_index"].content
    assert {new.priority for new in insights.values()} == {"low"}


def test_language_changes_words_but_neither_figures_nor_fingerprints() -> None:
    report = report_of(load(HERON))
    french = replace(report, template_customizations={"language": "fr"})

    for (_, english_row), (_, french_row) in zip(written(report), written(french), strict=True):
        assert english_row.fingerprint == french_row.fingerprint
        assert english_row.supporting_data == french_row.supporting_data
        assert english_row.title != french_row.title


def test_two_late_milestones_of_one_name_are_one_insight() -> None:
    raw = load(HERON)
    milestones = section(raw, "schedule_status", "milestones")
    late = next(row for row in milestones if row["completion_date"] is None and row["baseline_date"] < "2026-10-31")
    milestones.append({**late, "baseline_date": "2026-09-01"})

    found = [new for insight, new in written(report_of(raw)) if insight.rule.id == "late_milestones"]

    assert [new.supporting_data["late_days"] for new in found] == [60]


def test_a_report_without_metrics_says_nothing_and_why() -> None:
    insights = find_insights(RULES, figures_of(report_of(load(HERON), metrics={}, sections=[])))

    assert insights.found == ()
    assert set(insights.no_data) == {rule.id for rule in RULES}


@pytest.mark.parametrize("junk", [{"trend": "x"}, {"trend": [1, None, {"month": 3}]}, {"earned_value": "much"},
                                  {"budget_at_completion": 0, "earned_value": 0, "actual_cost": 0}])  # fmt: skip
def test_unreadable_figures_are_left_out(junk: dict[str, Any]) -> None:
    report = report_of(load(HERON), metrics=junk, sections=[None, "text", {"content": {"milestones": [{}, 7]}}])

    assert find_insights(RULES, figures_of(report)).found == ()


def test_categories_choose_the_rules() -> None:
    insights = find_insights(RULES, figures_of(report_of(load(HERON))), categories=[InsightCategory.RISK])

    assert {insight.rule.category for insight in insights.found} == {InsightCategory.RISK}
    assert not {"hours", "rejects"} & set(insights.no_data)


def changed(**metrics: Any) -> Report:
    raw = load(HERON)
    return report_of(raw, metrics={**raw["metrics"], **metrics})


def test_a_stated_figure_that_does_not_follow_is_found_out() -> None:
    assert "disagreement" not in by_rule(report_of(load(HERON)))

    found = by_rule(changed(estimate_at_completion=22_000_000))["disagreement"]

    assert "$22,000,000" in found.content
    assert "$23,922,884" in found.content
    assert found.category == "quality"


def test_a_spent_budget_with_work_left_is_critical() -> None:
    found = by_rule(changed(actual_cost=22_500_000))["needed_index"]

    assert found.priority == "critical"
    assert "$10,188,350" in found.title


def test_hours_and_rejects_speak_once_the_report_has_them() -> None:
    insights = by_rule(changed(allocated_hours=1_320, capacity_hours=1_200, inspected_units=500, rejected_units=20))

    assert insights["hours"].supporting_data["utilization"] == 1.1
    assert insights["rejects"].supporting_data["rejected_share"] == 0.04


def test_three_periods_in_one_direction_are_a_trend_and_two_are_not() -> None:
    falling = by_rule(report_of(load(HERON)))["cost_index"]
    raw = load(HERON)
    shorter = by_rule(changed(trend=raw["metrics"]["trend"][-3:]))["cost_index"]

    assert "three periods in a row" in falling.content
    assert falling.supporting_data["index_three_periods_ago"] == 0.939
    assert "three periods" not in shorter.content
    assert shorter.confidence_score < falling.confidence_score, "less history, less confidence"


def trend(raw: Mapping[str, Any], *months: str) -> list[dict[str, Any]]:
    """The last points of the locks' trend, as if they were those of `months`."""
    points: list[dict[str, Any]] = raw["metrics"]["trend"][-len(months) :]
    return [{**point, "month": month} for point, month in zip(points, months, strict=True)]


def test_months_with_a_gap_between_them_are_neither_a_period_nor_a_trend() -> None:
    raw = load(HERON)
    gaps = by_rule(changed(trend=trend(raw, "2026-01", "2026-02", "2026-09", "2026-10")))
    assert "three periods" not in gaps["cost_index"].content
    assert "three periods" not in gaps["schedule_index"].content
    assert "latest_period" in gaps
    unreadable = raw["metrics"]["trend"]
    unreadable[-2] = {**unreadable[-2], "actual_cost": "unknown"}
    without = find_insights(RULES, figures_of(changed(trend=unreadable)))
    assert "latest_period" in without.no_data
    assert "three periods" not in by_rule(changed(trend=unreadable))["cost_index"].content


def test_a_trend_that_ends_before_the_reports_month_says_nothing_of_it() -> None:
    earlier = trend(load(HERON), "2026-06", "2026-07", "2026-08", "2026-09")
    assert "three periods" not in by_rule(changed(trend=earlier))["cost_index"].content


def test_the_order_of_the_rows_of_a_trend_does_not_matter() -> None:
    rows = load(HERON)["metrics"]["trend"]
    there, back = by_rule(changed(trend=rows)), by_rule(changed(trend=rows[::-1]))
    assert "latest_period" in there
    assert {rule: new.content for rule, new in there.items()} == {rule: new.content for rule, new in back.items()}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_more_than_nothing_has_no_share(language: str) -> None:
    raw = load(HERON)
    section(raw, "budget_status", "categories").append(
        {"category": "Dredging", "planned_amount": 0, "forecast_amount": 90_000_000}
    )
    found = by_rule(report_of(raw, template_customizations={"language": language}))["budget_lines"]
    assert found.supporting_data["budget_line"] == "Dredging"
    assert "overrun_share" not in found.supporting_data
    assert "100%" not in found.content.replace("\N{NO-BREAK SPACE}", "")
    assert found.priority == "high"


def test_what_could_not_be_counted_is_said() -> None:
    raw = load(HERON)
    milestones = section(raw, "schedule_status", "milestones")
    still_open = [row for row in milestones if row["completion_date"] is None]
    still_open[-1]["forecast_date"] = None
    milestones.append({"name": "Without dates"})
    risks = [risk for risk in section(raw, "risks_issues", "risks") if risk["status"] != "closed"]
    del risks[0]["probability"], risks[0]["due_date"]
    section(raw, "budget_status", "categories").append({"category": "Later"})

    insights = by_rule(report_of(raw))

    n, m = len(still_open), len(risks)
    assert f"{n + 1} are open; {n - 1} of them have a forecast" in insights["finish"].content
    costed = f"Of the {m} open risks, {m - 1} state a probability and a cost"
    assert costed in insights["contingency"].content
    assert costed in insights["risk_concentration"].content
    assert insights["budget_lines"].content.endswith("are not counted: 1.")


def test_less_agreement_between_the_estimates_means_less_confidence() -> None:
    heron, permits = (by_rule(report_of(load(name)))["completion_range"] for name in (HERON, PERMITS))

    assert permits.confidence_score < heron.confidence_score <= Decimal("0.95")


def test_incomplete_records_lower_the_confidence() -> None:
    raw = load(PERMITS)
    whole = by_rule(report_of(raw))["risk_concentration"].confidence_score
    del section(raw, "risks_issues", "risks")[4]["probability"]

    assert by_rule(report_of(raw))["risk_concentration"].confidence_score < whole


def test_a_risk_may_state_its_probability_in_percent_and_its_cost_as_one_amount() -> None:
    risks = [{"id": n, "title": "R", "probability": 40, "cost_impact": 100} for n in range(4)]

    figures = read_report({}, [{"content": {"risks": risks}}], baseline={}, as_of=date(2026, 10, 31))

    assert {risk.expected_cost for risk in figures.risks.records} == {Decimal(40)}


@pytest.mark.parametrize("key", WORDINGS, ids="-".join)
def test_both_languages_cite_the_same_figures(key: tuple[str, str]) -> None:
    names = []
    for wording in (WORDINGS[key]["en"], WORDINGS[key]["fr"]):
        texts = (wording.title, wording.content, wording.impact or "", *wording.actions)
        names.append({name for text in texts for _, name, _, _ in Placeholders().parse(text) if name})
        assert not re.search(r"\d", re.sub(r"\{[^}]*\}", "", " ".join(texts))), "figures come from the report alone"
    assert names[0] == names[1]


def test_every_rule_has_words() -> None:
    assert {rule for rule, _ in WORDINGS} == {rule.id for rule in RULES}
    assert all(set(words) == {"en", "fr"} for words in NOTES.values())
