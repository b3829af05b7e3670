"""The engine against closed forms. Tolerances are standard errors, so that a parameter off by one per cent fails."""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.special import betaincinv, ndtri

from engines.simulation.copula import CorrelationImpossible, correlate
from engines.simulation.distributions import OUTER_QUANTILE, pert_table, quantiles
from engines.simulation.draws import stream
from engines.simulation.model import (
    Activity,
    Array,
    BadPlan,
    Calendar,
    CalendarException,
    CostLine,
    Distribution,
    Estimate,
    Link,
    LinkType,
    Model,
    Risk,
)
from engines.simulation.network import NetworkLoop
from engines.simulation.results import Targets, drivers, limits, ranks, summarise
from engines.simulation.simulate import BLOCK, baseline_of, simulate

EVERY_DAY = Calendar("every day", frozenset(range(1, 8)))
WEEK = Calendar("Monday to Friday")
MONDAY = date(2026, 11, 2)
MANY = 200_000
# A false alarm in 16,000 tests, and a parameter that is one per cent off is found many times over.
ERRORS = 4.0


def estimate(points: tuple[float, ...], shape: str) -> Estimate:
    """Three points, or one that is certain."""
    return Estimate(points[0], points[len(points) // 2], points[-1], Distribution(shape))


def activity(code: str, *duration: float, shape: str = "triangular", calendar: Calendar = EVERY_DAY) -> Activity:
    return Activity(code, f"Work {code}", estimate(duration, shape), calendar)


def line(code: str, *amount: float, shape: str = "triangular", **more: Any) -> CostLine:
    return CostLine(code, f"Cost {code}", estimate(amount, shape), **more)


def model(
    activities: tuple[Activity, ...] = (activity("A", 1),),
    lines: tuple[CostLine, ...] = (line("L", 0),),
    links: tuple[Link, ...] = (),
    risks: tuple[Risk, ...] = (),
    correlation: float = 0.0,
    calendar: Calendar = EVERY_DAY,
    first_day: date = MONDAY,
) -> Model:
    return Model(activities, links, lines, risks, calendar, first_day, correlation)


def agrees(values: Array, mean: float, variance: float) -> bool:
    """Whether a sample's mean and variance are within the errors that its size allows."""
    n = len(values)
    kurtosis = float(np.mean((values - values.mean()) ** 4))
    of_mean = math.sqrt(variance / n)
    of_variance = math.sqrt(max(kurtosis - variance**2, 0) / n)
    return bool(
        abs(values.mean() - mean) < ERRORS * of_mean and abs(values.var(ddof=1) - variance) < ERRORS * of_variance
    )


# Distributions and sums


def moments_of_triangular(a: float, m: float, b: float) -> tuple[float, float]:
    return (a + m + b) / 3, (a * a + m * m + b * b - a * m - a * b - m * b) / 18


def test_a_sum_of_independent_triangular_lines_has_the_sum_of_their_means_and_variances() -> None:
    points = [(80, 100, 150), (10, 40, 45), (200, 200, 320), (50, 90, 90)]
    outcomes = simulate(
        model(lines=tuple(line(f"L{i}", *one) for i, one in enumerate(points))), iterations=MANY, seed=7
    )
    moments = [moments_of_triangular(*one) for one in points]
    mean, variance = sum(one[0] for one in moments), sum(one[1] for one in moments)
    assert agrees(outcomes.cost, mean, variance)
    assert not agrees(outcomes.cost, mean * 1.01, variance)


def test_a_line_whose_most_likely_value_is_one_per_cent_off_is_found() -> None:
    wrong = simulate(model(lines=(line("L", 80, 101, 150),)), iterations=MANY, seed=7)
    assert not agrees(wrong.cost, *moments_of_triangular(80, 100, 150))


def test_a_sum_of_independent_uniform_durations_has_the_sum_of_their_means_and_variances() -> None:
    chain = tuple(activity(code, 10, 15, 22, shape="uniform") for code in "ABC")
    links = (Link("A", "B"), Link("B", "C"))
    outcomes = simulate(model(chain, links=links), iterations=MANY, seed=11)
    assert agrees(outcomes.finish, 3 * 16, 3 * 12**2 / 12)


def test_pert_has_the_mean_and_the_variance_of_the_literature() -> None:
    a, m, b = 60.0, 90.0, 180.0
    outcomes = simulate(model(lines=(line("L", a, m, b, shape="pert"),)), iterations=MANY, seed=3)
    mean = (a + 4 * m + b) / 6
    assert agrees(outcomes.cost, mean, (mean - a) * (b - mean) / 7)


def test_the_table_of_pert_agrees_with_the_exact_inverse() -> None:
    shape = Estimate(2, 3, 9, Distribution.PERT)
    probabilities = np.linspace(0.0001, 0.9999, 9_973)
    exact = 2 + 7 * betaincinv(1 + 4 / 7, 1 + 4 * 6 / 7, probabilities)
    assert np.max(np.abs(quantiles(shape, probabilities) - exact)) < 7e-6
    assert pert_table(shape)[0] == pytest.approx(2)
    assert pert_table(shape)[-1] == pytest.approx(9)


@pytest.mark.parametrize(("shape", "points"), [("normal", (80.0, 100.0, 120.0)), ("lognormal", (80.0, 100.0, 150.0))])
def test_normal_and_lognormal_state_their_outer_quantiles_and_the_median(
    shape: str, points: tuple[float, float, float]
) -> None:
    stated = quantiles(Estimate(*points, Distribution(shape)), np.array([1 - OUTER_QUANTILE, 0.5, OUTER_QUANTILE]))
    assert stated == pytest.approx(points)


def test_the_quantiles_of_a_sum_of_normals_are_those_of_a_normal() -> None:
    lines = tuple(line(f"L{i}", 80, 100, 120, shape="normal") for i in range(9))
    cost = np.sort(simulate(model(lines=lines), iterations=MANY, seed=5).cost)
    deviation = math.sqrt(9) * 20 / ndtri(OUTER_QUANTILE)
    for share in (0.1, 0.5, 0.8, 0.95):
        value = 900 + deviation * ndtri(share)
        density = math.exp(-(ndtri(share) ** 2) / 2) / math.sqrt(2 * math.pi) / deviation
        error = math.sqrt(share * (1 - share) / MANY) / density
        assert abs(np.quantile(cost, share) - value) < ERRORS * error


@pytest.mark.parametrize("shape", list(Distribution))
def test_quantiles_rise_and_stay_within_the_ends_where_there_are_any(shape: Distribution) -> None:
    points = (4.0, 6.0, 8.0) if shape is Distribution.NORMAL else (4.0, 5.0, 8.0)
    values = quantiles(Estimate(*points, shape), np.linspace(2**-53, 1 - 2**-53, 1001))
    assert np.all(np.diff(values) >= 0)
    assert np.all(np.isfinite(values))
    if shape not in {Distribution.NORMAL, Distribution.LOGNORMAL}:
        assert values.min() >= 4
        assert values.max() <= 8


# Correlation


@pytest.mark.parametrize("wanted", [0.0, 0.3, 0.7])
def test_the_copula_gives_the_correlation_that_was_asked_for(wanted: float) -> None:
    lines = tuple(line(code, 80, 100, 120, shape="normal") for code in ("a", "b"))
    draws = simulate(model(lines=lines, correlation=wanted), iterations=BLOCK, seed=2).first_draws
    one, other = draws.amounts["a"], draws.amounts["b"]
    error = (1 - wanted**2) / math.sqrt(BLOCK)
    assert abs(np.corrcoef(one, other)[0, 1] - wanted) < ERRORS * error
    # Spearman's of a Gaussian copula.
    ranked = np.corrcoef(ranks(one), ranks(other))[0, 1]
    assert abs(ranked - 6 / math.pi * math.asin(wanted / 2)) < ERRORS / math.sqrt(BLOCK)


def test_correlation_widens_a_sum_by_its_covariances_and_leaves_every_line_its_own_shape() -> None:
    lines = tuple(line(f"L{i}", 80, 100, 120, shape="normal") for i in range(5))
    outcomes = simulate(model(lines=lines, correlation=0.3), iterations=MANY, seed=8)
    deviation = 20 / ndtri(OUTER_QUANTILE)
    assert agrees(outcomes.cost, 500, deviation**2 * (5 + 5 * 4 * 0.3))
    skewed = simulate(model(lines=(line("L", 1, 2, 9),), correlation=0.6), iterations=MANY, seed=8)
    assert agrees(skewed.cost, *moments_of_triangular(1, 2, 9))


def test_a_matrix_of_correlations_is_achieved() -> None:
    matrix = [[1, 0.5, -0.4], [0.5, 1, 0.1], [-0.4, 0.1, 1]]
    scores = [stream(1, name, 0).standard_normal(MANY) for name in "abc"]
    achieved = np.corrcoef(np.stack(correlate(scores, scores[0], matrix)))
    assert np.max(np.abs(achieved - np.array(matrix))) < ERRORS / math.sqrt(MANY)


def test_correlations_that_contradict_one_another_are_refused_and_never_dropped() -> None:
    scores = [stream(1, name, 0).standard_normal(10) for name in "abc"]
    with pytest.raises(CorrelationImpossible, match="contradict one another"):
        correlate(scores, scores[0], [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    with pytest.raises(CorrelationImpossible, match="ones on its diagonal"):
        correlate(scores, scores[0], [[1, 0.9, 0], [0.2, 1, 0], [0, 0, 1]])
    with pytest.raises(CorrelationImpossible, match="from 0 to below 1"):
        simulate(model(correlation=1.0), iterations=100, seed=1)


# The network


def longest_path(durations: dict[str, float], links: list[tuple[str, str]]) -> float:
    """By trying every path."""
    after: dict[str, list[str]] = {code: [] for code in durations}
    for one, other in links:
        after[one].append(other)

    def longest(code: str) -> float:
        return durations[code] + max((longest(next_) for next_ in after[code]), default=0.0)

    return max(longest(code) for code in durations)


@pytest.mark.parametrize("seed", range(20))
def test_the_forward_pass_finds_the_longest_path_of_random_networks(seed: int) -> None:
    random = Random(seed)
    codes = [f"A{number:02}" for number in range(random.randint(2, 12))]
    durations = {code: random.randint(0, 40) / 4 for code in codes}
    links = [pair for pair in itertools.combinations(codes, 2) if random.random() < 0.3]
    shuffled = random.sample(codes, len(codes))
    outcomes = simulate(
        model(tuple(activity(code, durations[code]) for code in shuffled), links=tuple(Link(*pair) for pair in links)),
        iterations=3,
        seed=seed,
    )
    assert outcomes.finish == pytest.approx(longest_path(durations, links))


@pytest.mark.parametrize(
    ("kind", "lag", "finish"),
    [("FS", 0, 14), ("FS", 3, 17), ("SS", 2, 10), ("FF", 1, 11), ("SF", 9, 10), ("FS", -4, 10)],
)
def test_every_type_of_link_holds_back_its_own_ends(kind: str, lag: float, finish: float) -> None:
    pair = (activity("A", 10), activity("B", 4))
    linked = model(pair, links=(Link("A", "B", LinkType(kind), lag),))
    assert simulate(linked, iterations=2, seed=1).finish == pytest.approx(finish)


def test_a_loop_is_named() -> None:
    links = (Link("A", "B"), Link("B", "C"), Link("C", "A"), Link("A", "D"))
    with pytest.raises(NetworkLoop, match=r"circle: (A → B → C → A|B → C → A → B|C → A → B → C)\."):
        simulate(model(tuple(activity(code, 1) for code in "ABCD"), links=links), iterations=10, seed=1)


def test_parallel_paths_make_the_finish_later_than_either() -> None:
    """The greater of two independent uniform durations has its mean at two thirds."""
    pair = tuple(activity(code, 10, 15, 40, shape="uniform") for code in "AB")
    outcomes = simulate(model(pair), iterations=MANY, seed=4)
    assert agrees(outcomes.finish, 10 + 30 * 2 / 3, 30**2 / 18)


# Calendars and dates


def test_working_days_become_dates_by_weekdays_and_exceptions() -> None:
    holiday = CalendarException(date(2026, 11, 11), date(2026, 11, 11), is_working=False)
    saturday = CalendarException(date(2026, 11, 14), date(2026, 11, 14), is_working=True)
    for days, calendar, last in (
        (5, WEEK, date(2026, 11, 6)),
        (6, WEEK, date(2026, 11, 9)),
        (8, Calendar("c", exceptions=(holiday,)), date(2026, 11, 12)),
        (10, Calendar("c", exceptions=(holiday, saturday)), date(2026, 11, 14)),
        (5.5, WEEK, date(2026, 11, 9)),
    ):
        assert baseline_of(model((activity("A", days, calendar=calendar),), calendar=calendar)).finish == last


def test_activities_of_different_calendars_wait_for_each_other() -> None:
    site = Calendar("Monday to Saturday", frozenset(range(1, 7)))
    pair = (activity("A", 6, calendar=site), activity("B", 1, calendar=WEEK))
    planned = baseline_of(model(pair, links=(Link("A", "B"),), calendar=WEEK))
    assert planned.activities == {"A": date(2026, 11, 7), "B": date(2026, 11, 9)}


def test_an_activity_begins_no_earlier_than_it_may() -> None:
    bound = replace(activity("A", 2, calendar=WEEK), start_no_earlier_than=date(2026, 11, 14))
    assert baseline_of(model((bound,), calendar=WEEK)).finish == date(2026, 11, 17)
    bound = replace(activity("A", 2, calendar=WEEK), finish_no_earlier_than=date(2026, 11, 20))
    assert baseline_of(model((bound,), calendar=WEEK)).finish == date(2026, 11, 20)


def test_what_is_done_is_a_fact_and_what_has_begun_takes_what_remains() -> None:
    done = replace(activity("A", 5, 10, 20, calendar=WEEK), actual_finish=date(2026, 10, 30))
    begun = replace(activity("B", 8, 10, 12, calendar=WEEK), actual_start=date(2026, 10, 26), remaining=0.5)
    planned = model((done, begun), links=(Link("A", "B"),), calendar=WEEK)
    assert baseline_of(planned).activities == {"A": date(2026, 10, 30), "B": date(2026, 11, 6)}
    outcomes = simulate(planned, iterations=1000, seed=1)
    assert np.all(outcomes.first_draws.durations["A"] == 0)
    assert 4 <= outcomes.first_draws.durations["B"].min() <= outcomes.first_draws.durations["B"].max() <= 6


def test_a_milestone_is_reached_on_the_day_on_which_what_it_waits_for_ends() -> None:
    friday = (activity("A", 5, calendar=WEEK), activity("M", 0, calendar=WEEK), activity("N", 0, calendar=WEEK))
    past = replace(activity("Z", 1, calendar=WEEK), actual_finish=date(2026, 10, 20))
    planned = model((*friday, past), links=(Link("A", "M"),), calendar=WEEK)
    assert baseline_of(planned).activities["M"] == date(2026, 11, 6)
    # One that waits for nothing is not reached in the past.
    assert baseline_of(planned).activities["N"] == date(2026, 11, 1)


def test_a_project_that_is_finished_ends_on_the_day_on_which_it_did() -> None:
    done = replace(activity("A", 5, 10, 20, calendar=WEEK), actual_finish=date(2026, 10, 20))
    planned = model((done,), calendar=WEEK)
    assert baseline_of(planned).finish == date(2026, 10, 20)
    outcomes = simulate(planned, iterations=10, seed=1)
    assert {outcomes.day(float(one)) for one in outcomes.finish} == {date(2026, 10, 20)}


def test_durations_that_reach_over_centuries_are_refused() -> None:
    with pytest.raises(BadPlan, match="more than 200 years"):
        simulate(model((activity("A", 100_000),)), iterations=2, seed=1)


# Cost lines


def test_a_burn_rate_costs_its_amount_for_each_day_that_the_activity_takes_in_the_same_draw() -> None:
    burning = model((activity("A", 10, 20, 40),), (line("L", 100, activity="A", is_burn_rate=True, spent=50),))
    outcomes = simulate(burning, iterations=1000, seed=6)
    assert outcomes.cost == pytest.approx(50 + 100 * outcomes.finish)


def test_what_is_spent_is_a_floor_of_the_whole() -> None:
    outcomes = simulate(model(lines=(line("L", 100, 200, 300, spent=200),)), iterations=MANY, seed=6)
    assert outcomes.cost.min() == 200
    assert np.mean(outcomes.cost == 200) == pytest.approx(0.5, abs=ERRORS * 0.5 / math.sqrt(MANY))


def test_prices_rise_to_the_middle_of_the_work() -> None:
    first = date(2027, 1, 1)
    rising = line("L", 1000, activity="A", spent=200, escalation_rate=0.05, escalation_base=date(2026, 1, 1))
    outcomes = simulate(model((activity("A", 365.25),), (rising,), first_day=first), iterations=2, seed=1)
    years = (365 + 365.25 / 2) / 365.25
    assert outcomes.cost == pytest.approx(200 + 800 * 1.05**years)


# Risks


def test_a_risk_costs_its_probability_times_its_mean_and_varies_as_a_mixture() -> None:
    struck = Risk("r", "Flood", 0.3, cost=Estimate(50, 100, 150))
    outcomes = simulate(model(risks=(struck,)), iterations=MANY, seed=9)
    mean, variance = moments_of_triangular(50, 100, 150)
    assert agrees(outcomes.cost, 0.3 * mean, 0.3 * (variance + mean**2) - (0.3 * mean) ** 2)
    assert np.mean(outcomes.cost > 0) == pytest.approx(0.3, abs=ERRORS * math.sqrt(0.21 / MANY))


def test_a_risk_delays_the_finish_in_the_iterations_in_which_it_costs() -> None:
    struck = Risk("r", "Flood", 0.3, cost=Estimate(50, 100, 150), delay=Estimate(5, 10, 15))
    outcomes = simulate(model(risks=(struck,)), iterations=10_000, seed=9)
    assert outcomes.cost == pytest.approx(10 * (outcomes.finish - 1))


@pytest.mark.parametrize(("probability", "cost"), [(0.0, 0.0), (1.0, 100.0)])
def test_a_risk_that_never_or_always_occurs(probability: float, cost: float) -> None:
    certain = Risk("r", "Flood", probability, cost=Estimate(100, 100, 100))
    assert np.all(simulate(model(risks=(certain,)), iterations=1000, seed=1).cost == cost)


# What came out


def summary_of(simulated: Model, *, iterations: int = 10_000, seed: int = 1) -> dict[str, Any]:
    outcomes = simulate(simulated, iterations=iterations, seed=seed)
    return summarise(simulated, outcomes, baseline_of(simulated), Targets(250.0, date(2026, 11, 20)))


def busy() -> Model:
    return model(
        tuple(activity(code, 4, 6, 11, shape="pert", calendar=WEEK) for code in "ABC"),
        (line("L", 80, 100, 150), line("M", 5, 8, 15, activity="B", is_burn_rate=True)),
        (Link("A", "B"), Link("A", "C")),
        (Risk("r", "Flood", 0.4, Estimate(30, 60, 90), Estimate(1, 2, 3)),),
        correlation=0.3,
        calendar=WEEK,
    )


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    one, same = simulate(busy(), iterations=70_000, seed=1), simulate(busy(), iterations=70_000, seed=1)
    assert one.cost.tobytes() == same.cost.tobytes()
    assert one.finish.tobytes() == same.finish.tobytes()
    assert one.cost.tobytes() != simulate(busy(), iterations=70_000, seed=2).cost.tobytes()
    assert summary_of(busy()) == summary_of(busy())


def test_a_shorter_simulation_is_the_beginning_of_a_longer_one() -> None:
    longer = simulate(busy(), iterations=BLOCK + 500, seed=1)
    assert np.array_equal(simulate(busy(), iterations=1000, seed=1).cost, longer.cost[:1000])
    assert len(longer.cost) == BLOCK + 500


def test_a_line_that_is_added_leaves_the_draws_of_the_others_as_they_were() -> None:
    more = replace(busy(), cost_lines=(line("K", 1, 2, 3), *busy().cost_lines))
    before, after = (simulate(one, iterations=1000, seed=1).first_draws for one in (busy(), more))
    assert np.array_equal(before.amounts["L"], after.amounts["L"])
    assert np.array_equal(before.durations["A"], after.durations["A"])


def test_the_figures_of_a_summary_agree_with_one_another() -> None:
    summary = summary_of(busy())
    cost, schedule, joint = summary["cost"], summary["schedule"], summary["joint_probability"]
    assert joint <= min(cost["probability_within_target"], schedule["probability_by_target"])
    assert cost["probability_within_target"] + schedule["probability_by_target"] - 1 <= joint
    for p, set_aside in cost["contingency"].items():
        assert set_aside == pytest.approx(cost["percentiles"][p] - cost["baseline"], abs=0.011)
        low, high = cost["confidence_95"][p]
        assert low <= cost["percentiles"][p] <= high
    for found in (cost["percentiles"], schedule["percentiles"]):
        assert list(found) == ["p10", "p25", "p50", "p75", "p80", "p90", "p95"]
        assert list(found.values()) == sorted(found.values())
    # 6 days twice, 100 and six days of 8.
    assert cost["baseline"] == 148
    assert schedule["baseline"] == "2026-11-17"


def test_a_percentile_of_the_finish_is_a_working_day() -> None:
    for day in summary_of(busy(), iterations=501)["schedule"]["percentiles"].values():
        assert date.fromisoformat(day).isoweekday() in WEEK.weekdays


def test_the_s_curve_rises_and_says_what_the_percentiles_say() -> None:
    summary = summary_of(busy())
    curve, cost = summary["s_curve"], summary["cost"]
    assert len(curve["cost"]) == 41
    for points in curve.values():
        for column in zip(*points, strict=True):
            assert list(column) == sorted(column)
    amounts, shares = zip(*curve["cost"], strict=True)
    assert np.interp(cost["percentiles"]["p80"], amounts, shares) == pytest.approx(0.8, abs=0.01)


def test_order_statistics_hold_the_true_percentile_as_often_as_they_say() -> None:
    held = 0
    for seed in range(400):
        found = limits(stream(seed, "normal", 0).standard_normal(400))
        low, high = found[80]
        held += bool(low <= ndtri(0.8) <= high)
    assert held / 400 == pytest.approx(0.95, abs=0.04)


def test_the_drivers_are_the_inputs_that_matter_and_act_only_where_they_can() -> None:
    planned = model(
        (activity("A", 5, 10, 40), activity("B", 1, 1.1, 1.2)),
        (line("L", 10, 100, 400), line("M", 10, 11, 12)),
        correlation=0.5,
    )
    found = drivers(planned, simulate(planned, iterations=20_000, seed=1))
    assert [(one.name, one.effect) for one in found[:2]] in (
        [("L Cost L", "cost"), ("A Work A", "finish")],
        [("A Work A", "finish"), ("L Cost L", "cost")],
    )
    assert all((one.kind == "activity") == (one.effect == "finish") for one in found)


def test_ranks_share_ties() -> None:
    assert list(ranks(np.array([3.0, 1.0, 3.0, 2.0]))) == [3.5, 1.0, 3.5, 2.0]


def test_a_plan_without_uncertainty_comes_out_as_it_is() -> None:
    certain = model((activity("A", 5, calendar=WEEK),), (line("L", 200),), calendar=WEEK)
    outcomes = simulate(certain, iterations=100, seed=1)
    summary = summarise(certain, outcomes, baseline_of(certain), Targets(200, date(2026, 11, 6)))
    assert summary["cost"]["percentiles"] == dict.fromkeys(summary["cost"]["percentiles"], 200.0)
    assert summary["schedule"]["percentiles"]["p95"] == "2026-11-06"
    assert summary["joint_probability"] == 1.0
    assert summary["tornado"] == []


# Bad plans


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (model(()), "no activities"),
        (model(lines=()), "no cost lines"),
        (model((activity("A", 5, 4, 9),)), "Activity A has the estimate 5, 4, 9"),
        (model((activity("A", -1, 4, 9),)), "Activity A has a negative optimistic duration"),
        (model((activity("A", 4, 5, 9, shape="normal"),)), "Activity A is normal .* here 6.5; use triangular"),
        (model(lines=(line("L", 1, 5, 6, shape="lognormal"),)), "Cost line L is lognormal"),
        (model((activity("A", 1), activity("A", 1))), "Activity A is there 2 times"),
        (model(links=(Link("A", "X"),)), "names activity X, which is not in the plan"),
        (model(lines=(line("L", 1, activity="X"),)), "Cost line L names activity X"),
        (model(lines=(line("L", 1, is_burn_rate=True),)), "Cost line L is a burn rate without an activity"),
        (model(lines=(line("L", 1, 2, 3, spent=4),)), "Cost line L has spent 4.00"),
        (model(lines=(line("L", 1, escalation_rate=0.1),)), "Cost line L has an escalation rate"),
        (model(risks=(Risk("r", "Flood", 1.5),)), "Risk 'Flood' has the probability 1.5"),
        (model(risks=(Risk("r", "Flood", 0.5, delay=Estimate(-1, 0, 1)),)), "Risk 'Flood' has a negative delay"),
        (model((replace(activity("A", 1), actual_finish=MONDAY),)), "Activity A was finished on 2026-11-02"),
        (model((activity("A", 1, calendar=Calendar("idle", frozenset())),)), "Calendar 'idle' has no working weekdays"),
    ],
)
def test_a_bad_row_is_named_with_how_to_mend_it(broken: Model, message: str) -> None:
    with pytest.raises(BadPlan, match=message):
        simulate(broken, iterations=10, seed=1)


# Speed


def test_ten_thousand_iterations_of_thirty_activities_take_well_under_a_second() -> None:
    network = model(
        tuple(activity(f"A{i}", 5, 8, 15, shape="pert", calendar=WEEK) for i in range(30)),
        tuple(line(f"L{i}", 80, 100, 150, shape="pert") for i in range(15)),
        tuple(Link(f"A{i}", f"A{j}") for i in range(30) for j in (i + 1, i + 3) if j < 30),
        correlation=0.3,
        calendar=WEEK,
    )
    started = time.process_time()
    outcomes = simulate(network, iterations=10_000, seed=1)
    summarise(network, outcomes, baseline_of(network), Targets(1.0, MONDAY))
    assert time.process_time() - started < 1.0


def test_progress_ends_at_one() -> None:
    told: list[float] = []
    simulate(busy(), iterations=BLOCK + 1, seed=1, progress=told.append)
    assert told[-1] == 1.0
    assert told == sorted(told)
