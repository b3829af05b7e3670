"""What the columns of a plan mean to the simulation, and how its rows are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from cli.simulation_text import excerpt_lines, percent, sparkline, summary_lines
from contracts.args.simulations import RunSimulation
from contracts.errors import Permanent
from db.repositories.plans import Plan
from engines.simulation.calendars import working_days
from engines.simulation.model import BadPlan, Estimate, Model
from engines.simulation.results import summarise
from engines.simulation.simulate import baseline_of, simulate
from engines.text.numbers import find_numbers
from tasks.simulation_model import STANDARD_CALENDAR, model_of, targets_of
from tests.support.plans import sample_plan

LOCKS = sample_plan("heron-reach-locks")


def args(**given: Any) -> RunSimulation:
    return RunSimulation(project_id=LOCKS.project.id, **given)


def modelled(plan: Plan = LOCKS, **given: Any) -> Model:
    return model_of(plan, args(**given))


def with_activity(code: str, **changes: Any) -> Plan:
    changed = tuple(replace(one, **changes) if one.code == code else one for one in LOCKS.activities)
    return replace(LOCKS, activities=changed)


def remaining_of(plan: Plan, code: str) -> tuple[Estimate, float]:
    activity = next(one for one in modelled(plan).activities if one.code == code)
    return activity.duration, activity.remaining


# What is left of an activity


def test_a_remaining_duration_scales_the_estimate_and_wins_over_percent_complete() -> None:
    assert remaining_of(LOCKS, "B200") == (Estimate(70, 80, 120, "pert"), 24 / 80)  # type: ignore[arg-type]


def test_without_a_remaining_duration_percent_complete_says_what_is_left() -> None:
    assert remaining_of(with_activity("B200", remaining_duration=None), "B200")[1] == pytest.approx(0.3)


def test_what_remains_of_an_activity_that_should_take_no_time_is_taken_as_it_is() -> None:
    nothing = dict.fromkeys(("optimistic_duration", "most_likely_duration", "pessimistic_duration"), Decimal(0))
    estimate, share = remaining_of(with_activity("B200", **nothing), "B200")
    assert (estimate.most_likely * share, estimate.is_certain) == (24, True)


def test_work_goes_on_after_the_data_date_or_a_later_actual_date_or_else_from_the_start() -> None:
    assert modelled().first_day == date(2026, 11, 1)
    assert modelled(with_activity("B200", actual_start=date(2026, 11, 3))).first_day == date(2026, 11, 4)
    undated = tuple(
        replace(one, data_date=None, actual_start=None, actual_finish=None, percent_complete=Decimal(0))
        for one in LOCKS.activities
    )
    assert modelled(replace(LOCKS, activities=undated)).first_day == date(2025, 6, 16)


# Calendars


def test_a_project_without_calendars_is_worked_from_monday_to_friday() -> None:
    bare = replace(LOCKS, calendars=(), activities=tuple(replace(one, calendar_id=None) for one in LOCKS.activities))
    assert modelled(bare).calendar == STANDARD_CALENDAR


def test_of_several_calendars_one_must_be_the_default() -> None:
    unclear = replace(LOCKS, calendars=tuple(replace(one, is_default=False) for one in LOCKS.calendars))
    with pytest.raises(BadPlan, match="none is the default"):
        modelled(unclear)


# Risks


def test_the_impact_of_a_risk_is_a_share_of_the_budget_and_of_the_planned_duration() -> None:
    model = modelled(full_impact_cost=0.2, full_impact_delay=0.05)
    days = working_days(model.calendar, date(2025, 6, 16), date(2027, 9, 29))
    concrete = next(risk for risk in model.risks if risk.title.startswith("Unsound"))
    cost, delay = 0.21 * 0.2 * 22_400_000, 0.21 * 0.05 * days
    assert concrete.cost is not None
    assert concrete.delay is not None
    assert (concrete.cost.optimistic, concrete.cost.most_likely) == pytest.approx((0.5 * cost, cost))
    assert (concrete.delay.most_likely, concrete.delay.pessimistic) == pytest.approx((delay, 1.5 * delay))
    assert concrete.probability == 0.55


def test_a_schedule_risk_only_delays_a_financial_one_only_costs_and_a_closed_one_is_left_out() -> None:
    risks = {risk.title: risk for risk in modelled().risks}
    late = risks["Hydraulic power units for Lock 6 arrive after December 4"]
    assert late.cost is None
    assert late.delay is not None
    claim = risks["The contractor claims for standby in the first season"]
    assert claim.delay is None
    assert claim.cost is not None
    assert "The second design package is late for the winter season" not in risks


def test_the_expected_loss_of_the_register_is_probability_times_impact() -> None:
    model = modelled()
    calm = replace(model, risks=())
    struck, unstruck = (simulate(one, iterations=100_000, seed=1) for one in (model, calm))
    expected = sum(risk.probability * risk.cost.most_likely for risk in model.risks if risk.cost)
    # The estimates' own draws are the same in both, so that only the risks are left.
    difference = struck.cost - unstruck.cost
    assert abs(difference.mean() - expected) < 4 * difference.std() / np.sqrt(len(difference))


# Targets


def test_targets_are_those_asked_for_else_the_budget_and_the_end_date() -> None:
    assert targets_of(LOCKS, args()).cost == 22_400_000
    given = targets_of(LOCKS, args(target_cost=Decimal(24_000_000), target_date=date(2027, 12, 31)))
    assert (given.cost, given.finish) == (24_000_000, date(2027, 12, 31))


# Rows that are refused


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (
            with_activity("B240", constraint_type="must_finish_on", constraint_date=date(2027, 4, 9)),
            "Activity B240 has the constraint must finish on",
        ),
        (with_activity("B240", constraint_type="as_late_as_possible"), "Activity B240 .* as late as possible"),
        (
            with_activity("B200", percent_complete=Decimal(100), remaining_duration=None),
            "Activity B200 is 100 % complete without an actual finish",
        ),
        (
            replace(LOCKS, cost_lines=(replace(LOCKS.cost_lines[0], currency="USD"),)),
            "Cost line L-01 is in USD, the project in CAD",
        ),
        (replace(LOCKS, project=replace(LOCKS.project, start_date=None)), "a start date and an end date"),
    ],
)
def test_what_cannot_be_simulated_is_refused_for_good_and_by_name(plan: Plan, message: str) -> None:
    with pytest.raises(Permanent, match=message):
        modelled(plan)


@pytest.mark.parametrize(("missing", "cure"), [("budget", "target_cost"), ("end_date", "target_date")])
def test_a_project_without_a_target_is_told_to_name_one(missing: str, cure: str) -> None:
    changes: dict[str, Any] = {missing: None}
    plan = replace(LOCKS, project=replace(LOCKS.project, **changes))
    with pytest.raises(BadPlan, match=cure):
        targets_of(plan, args())


# As a person reads it


def summary() -> dict[str, Any]:
    model = modelled()
    found = summarise(model, simulate(model, iterations=2000, seed=1), baseline_of(model), targets_of(LOCKS, args()))
    return {"currency": "CAD", **found}


def test_the_summary_fits_into_eighty_columns() -> None:
    assert max(map(len, summary_lines(summary()))) <= 80
    assert len(excerpt_lines(summary())) <= 8


def numbers_of(value: Any) -> set[Decimal]:
    """Every number of a summary, as it is and as it may be shown: rounded, in millions, in per cent."""
    if isinstance(value, dict):
        return {number for one in (*value, *value.values()) for number in numbers_of(one)}
    if isinstance(value, list):
        return {number for one in value for number in numbers_of(one)}
    if isinstance(value, str):
        return set(find_numbers(value))
    exact = abs(Decimal(str(value)))
    shown = (exact, exact / 1_000_000, exact * 100)
    return {one.quantize(Decimal(places)) for one in shown for places in ("1", "0.1", "0.01")}


def test_every_number_of_the_text_is_in_the_summary() -> None:
    found = summary()
    cost = found["cost"]
    # The contingency beside each percentile is the percentile less the baseline.
    set_aside = [value - cost["baseline"] for value in cost["percentiles"].values()]
    allowed = numbers_of(found) | numbers_of(set_aside) | set(find_numbers(percent(0.0)))
    for line in (*summary_lines(found), *excerpt_lines(found)):
        assert set(find_numbers(line)) <= allowed, line


def test_a_probability_is_never_more_certain_than_iterations_can_tell() -> None:
    assert [percent(one) for one in (0.0, 0.1234, 1.0)] == ["under 0.1 %", "12.3 %", "over 99.9 %"]


def test_a_sparkline_rises() -> None:
    assert sparkline([[1, 0.0], [2, 0.5], [3, 1.0]]) == "▁▅█"


def test_ids_of_risks_are_those_of_the_register() -> None:
    assert {UUID(risk.id) for risk in modelled().risks} <= {risk.id for risk in LOCKS.risks}
