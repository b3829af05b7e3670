"""The plans of the sample data as values, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import yaml

from db.repositories import values
from db.repositories.plans import (
    Plan,
    PlannedActivity,
    PlannedCalendar,
    PlannedCost,
    PlannedException,
    PlannedLink,
    RegisteredRisk,
)
from db.seed import SAMPLES, row_id

Row = dict[str, Any]


def sample_plan(name: str) -> Plan:
    """The plan of one sample project, as the repository would return it."""
    project, plan = read("projects", name), read("plans", name)
    return Plan(
        project=values.Project(
            id=UUID(project["id"]),
            name=project["name"],
            description=None,
            status=project["status"],
            health=project["health"],
            budget=Decimal(project["budget"]),
            actual_cost=None,
            currency=project["currency"],
            start_date=project["start_date"],
            end_date=project["end_date"],
            percentage_complete=None,
        ),
        calendars=tuple(to_calendar(plan["project"], row) for row in plan["calendars"]),
        activities=tuple(to_activity(plan, row) for row in plan["activities"]),
        links=tuple(
            PlannedLink(code, row["code"], "FS", Decimal(0))
            for row in plan["activities"]
            for code in row.get("after", ())
        ),
        cost_lines=tuple(to_cost(row, project["currency"]) for row in plan["cost_lines"]),
        risks=tuple(to_risk(plan["project"], row) for row in plan["risks"]),
    )


def read(kind: str, name: str) -> Row:
    """One sample file, with its dates as dates."""
    loaded = yaml.safe_load((SAMPLES / kind / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def to_calendar(project: str, row: Row) -> PlannedCalendar:
    exceptions = tuple(
        PlannedException(one["start_date"], one["end_date"], one.get("is_working", False))
        for one in row.get("exceptions", ())
    )
    default = row.get("is_default", False)
    id_ = UUID(row_id(project, "calendar", row["name"]))
    return PlannedCalendar(id_, row["name"], tuple(row["working_weekdays"]), default, exceptions)


def to_activity(plan: Row, row: Row) -> PlannedActivity:
    low, middle, high = map(Decimal, row["duration"])
    bound: date | None = row.get("start_no_earlier_than")
    left = row.get("remaining_duration")
    return PlannedActivity(
        code=row["code"],
        name=row["name"],
        optimistic_duration=low,
        most_likely_duration=middle,
        pessimistic_duration=high,
        distribution=row.get("distribution", "triangular"),
        calendar_id=UUID(row_id(plan["project"], "calendar", row["calendar"])) if "calendar" in row else None,
        constraint_type="start_no_earlier_than" if bound else "as_soon_as_possible",
        constraint_date=bound,
        actual_start=row.get("actual_start"),
        actual_finish=row.get("actual_finish"),
        percent_complete=Decimal(row.get("percent_complete", 0)),
        remaining_duration=None if left is None else Decimal(left),
        data_date=plan["data_date"],
    )


def to_cost(row: Row, currency: str) -> PlannedCost:
    low, middle, high = map(Decimal, row["amount"])
    return PlannedCost(
        code=row["code"],
        name=row["name"],
        activity=row.get("activity"),
        cost_type=row.get("cost_type", "fixed"),
        optimistic_amount=low,
        most_likely_amount=middle,
        pessimistic_amount=high,
        distribution=row.get("distribution", "triangular"),
        actual_amount=Decimal(row.get("actual_amount", 0)),
        currency=currency,
        escalation_rate=Decimal(0),
        escalation_base_date=None,
    )


def to_risk(project: str, row: Row) -> RegisteredRisk:
    return RegisteredRisk(
        id=UUID(row_id(project, "risk", row["title"])),
        title=row["title"],
        category=row["category"],
        probability=Decimal(str(row["probability"])),
        impact=Decimal(str(row["impact"])),
        status=row["status"],
    )
