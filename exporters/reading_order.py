"""The order in which people read the fields of a record.

PostgreSQL's jsonb keeps no order of keys, so that the order must come from what the fields mean. Fields without a known
place follow those that have one, as they came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exporters.vocabulary import split_language

_ORDER = (
    # which one
    *("id", "section_id", "date", "month", "name", "title", "decision", "description", "category", "type", "severity"),
    *("priority", "commentary", "content"),
    # how likely, and how much
    *("probability", "cost_impact", "cost_benefit", "schedule_impact_days", "schedule_benefit_days"),
    *("cost_effect", "schedule_effect_days", "low", "most_likely", "high"),
    *("planned_amount", "actual_amount", "committed_amount", "forecast_amount", "variance"),
    *("budget_at_completion", "planned_value", "earned_value", "actual_cost", "percent_complete"),
    *("cost_performance_index", "schedule_performance_index", "cost_variance", "schedule_variance"),
    *("estimate_at_completion", "estimate_to_complete", "variance_at_completion", "to_complete_performance_index"),
    # when, how far, and by whom
    *("baseline_date", "forecast_date", "completion_date", "status", "progress_percentage", "owner", "due_date"),
    *("response", "action"),
    # the lists of a section
    *("categories", "milestones", "risks", "issues", "opportunities", "changes", "decisions", "recommendations"),
    "trend",
)
_RANK = {name: rank for rank, name in enumerate(_ORDER)}


def in_reading_order(value: Any) -> Any:
    """Return the same JSON with the fields of every object in the order in which they are read."""
    if isinstance(value, Mapping):
        return {key: in_reading_order(value[key]) for key in sorted(value, key=_rank)}
    if isinstance(value, (list, tuple)):
        return [in_reading_order(item) for item in value]
    return value


def _rank(key: Any) -> tuple[int, bool]:
    name, language = split_language(str(key).lower())
    return _RANK.get(name, len(_ORDER)), language is not None
