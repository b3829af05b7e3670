from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.performance.earned_value import Baseline, Health, index_health, measure, overall, variance_health

AMOUNT = st.decimals(0, 10**12, places=2)


def baseline(budget: int, planned: int, earned: int, actual: int) -> Baseline:
    return Baseline(Decimal(budget), Decimal(planned), Decimal(earned), Decimal(actual))


def test_the_figures_of_a_lock_project_are_those_of_the_standard() -> None:
    figures = measure(baseline(22_400_000, 13_284_000, 12_211_650, 13_041_870))
    assert figures.cost_variance == -830_220
    assert figures.schedule_variance == -1_072_350
    assert round(figures.cost_index or 0, 3) == Decimal("0.936")
    assert round(figures.schedule_index or 0, 3) == Decimal("0.919")
    assert round(figures.percent_complete or 0, 4) == Decimal("0.5452")
    assert round(figures.estimate_at_completion or 0) == 23_922_884
    assert round(figures.estimate_to_complete or 0) == 10_881_014
    assert round(figures.variance_at_completion or 0) == -1_522_884
    assert round(figures.to_complete_index or 0, 3) == Decimal("1.089")


def test_a_project_that_has_not_begun_divides_by_nothing() -> None:
    figures = measure(baseline(1000, 0, 0, 0))
    assert figures.cost_index is None
    assert figures.schedule_index is None
    assert figures.estimate_at_completion == 1000
    assert figures.to_complete_index == 1


def test_money_spent_on_nothing_forecasts_nothing() -> None:
    figures = measure(baseline(1000, 100, 0, 50))
    assert figures.cost_index == 0
    assert figures.estimate_at_completion is None
    assert figures.estimate_to_complete is None


def test_no_index_saves_a_budget_that_is_spent() -> None:
    assert measure(baseline(1000, 900, 800, 1000)).to_complete_index is None
    assert measure(baseline(1000, 900, 800, 1200)).to_complete_index is None


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_forecasts_add_up(budget: Decimal, planned: Decimal, earned: Decimal, actual: Decimal) -> None:
    figures = measure(Baseline(budget, planned, earned, actual))
    if figures.estimate_at_completion is not None:
        assert figures.estimate_to_complete is not None
        assert figures.variance_at_completion is not None
        slack = abs(figures.estimate_at_completion) * Decimal("1e-20") + Decimal("1e-10")
        assert abs(figures.estimate_at_completion - actual - figures.estimate_to_complete) <= slack
        assert abs(budget - figures.estimate_at_completion - figures.variance_at_completion) <= slack


@pytest.mark.parametrize(
    ("index", "health"),
    [("0.79", "critical"), ("0.8", "at_risk"), ("0.949", "at_risk"), ("0.95", "on_track"), ("1.2", "on_track")],
)
def test_an_index_has_its_thresholds(index: str, health: str) -> None:
    assert index_health(Decimal(index)) == health


@pytest.mark.parametrize(
    ("variance", "health"),
    [(-101, "critical"), (-100, "at_risk"), (51, "at_risk"), (50, "on_track"), (0, "on_track"), (101, "critical")],
)
def test_a_deviation_has_its_thresholds(variance: int, health: str) -> None:
    assert variance_health(Decimal(variance), Decimal(1000)) == health


def test_what_is_unknown_has_no_health() -> None:
    assert index_health(None) is None
    assert variance_health(None, Decimal(1)) is None
    assert variance_health(Decimal(1), Decimal(0)) is None
    assert overall(None, None) is None


def test_the_worst_health_wins() -> None:
    assert overall(Health.ON_TRACK, None, Health.AT_RISK) is Health.AT_RISK
    assert overall(Health.CRITICAL, Health.AT_RISK) is Health.CRITICAL
