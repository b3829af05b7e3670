"""Plans: what a project is estimated, scheduled and at risk of, row by row as the schema has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Activity,
    ActivityLink,
    CalendarException,
    CostLine,
    Project,
    ProjectCalendar,
    Risk,
)
from db.repositories import values
from db.repositories.reports import to_project


@dataclass(frozen=True, slots=True)
class PlannedException:
    """A row of `calendar_exceptions`."""

    start_date: date
    end_date: date
    is_working: bool


@dataclass(frozen=True, slots=True)
class PlannedCalendar:
    """A row of `project_calendars` with its exceptions. Weekdays are ISO's: Monday is 1."""

    id: UUID
    name: str
    working_weekdays: Sequence[int]
    is_default: bool
    exceptions: Sequence[PlannedException]


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """A row of `activities`. Durations are working days of its calendar."""

    code: str
    name: str
    optimistic_duration: Decimal
    most_likely_duration: Decimal
    pessimistic_duration: Decimal
    distribution: str
    calendar_id: UUID | None
    constraint_type: str
    constraint_date: date | None
    actual_start: date | None
    actual_finish: date | None
    percent_complete: Decimal
    remaining_duration: Decimal | None
    data_date: date | None


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """A row of `activity_links`, by the codes of its ends. The lag is in working days."""

    predecessor: str
    successor: str
    link_type: str
    lag: Decimal


@dataclass(frozen=True, slots=True)
class PlannedCost:
    """A row of `cost_lines`, with the code of its activity."""

    code: str
    name: str
    activity: str | None
    cost_type: str
    optimistic_amount: Decimal
    most_likely_amount: Decimal
    pessimistic_amount: Decimal
    distribution: str
    actual_amount: Decimal
    currency: str
    escalation_rate: Decimal
    escalation_base_date: date | None


@dataclass(frozen=True, slots=True)
class RegisteredRisk:
    """A row of `risks`. Probability and impact lie between 0 and 1."""

    id: UUID
    title: str
    category: str
    probability: Decimal
    impact: Decimal
    status: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A project with all that it is planned by."""

    project: values.Project
    calendars: Sequence[PlannedCalendar]
    activities: Sequence[PlannedActivity]
    links: Sequence[PlannedLink]
    cost_lines: Sequence[PlannedCost]
    risks: Sequence[RegisteredRisk]


def find_plan(session: Session, project_id: UUID) -> Plan | None:
    """Return the project's plan in a stable order, or None where there is no such project."""
    project = session.get(Project, project_id)
    if project is None:
        return None
    return Plan(
        project=to_project(project),
        calendars=find_calendars(session, project_id),
        activities=find_activities(session, project_id),
        links=find_links(session, project_id),
        cost_lines=find_cost_lines(session, project_id),
        risks=find_risks(session, project_id),
    )


def find_calendars(session: Session, project_id: UUID) -> tuple[PlannedCalendar, ...]:
    """Return the project's calendars by name, each with its exceptions by date."""
    exceptions: dict[UUID, list[PlannedException]] = {}
    rows = session.scalars(
        select(CalendarException)
        .join(ProjectCalendar, ProjectCalendar.id == CalendarException.calendar_id)
        .where(ProjectCalendar.project_id == project_id)
        .order_by(CalendarException.start_date)
    )
    for row in rows:
        exceptions.setdefault(row.calendar_id, []).append(
            PlannedException(row.start_date, row.end_date, row.is_working)
        )
    calendars = session.scalars(
        select(ProjectCalendar).where(ProjectCalendar.project_id == project_id).order_by(ProjectCalendar.name)
    )
    return tuple(
        PlannedCalendar(
            row.id, row.name, tuple(row.working_weekdays), row.is_default, tuple(exceptions.get(row.id, ()))
        )
        for row in calendars
    )


def find_activities(session: Session, project_id: UUID) -> tuple[PlannedActivity, ...]:
    """Return the project's activities by code."""
    rows = session.execute(
        select(*(getattr(Activity, name) for name in PlannedActivity.__slots__))
        .where(Activity.project_id == project_id)
        .order_by(Activity.code)
    )
    return tuple(PlannedActivity(**row) for row in rows.mappings())


def find_links(session: Session, project_id: UUID) -> tuple[PlannedLink, ...]:
    """Return the links between the project's activities."""
    before, after = aliased(Activity), aliased(Activity)
    rows = session.execute(
        select(
            before.code.label("predecessor"), after.code.label("successor"), ActivityLink.link_type, ActivityLink.lag
        )
        .join(before, before.id == ActivityLink.predecessor_id)
        .join(after, after.id == ActivityLink.successor_id)
        .where(ActivityLink.project_id == project_id)
        .order_by(before.code, after.code, ActivityLink.link_type)
    )
    return tuple(PlannedLink(**row) for row in rows.mappings())


def find_cost_lines(session: Session, project_id: UUID) -> tuple[PlannedCost, ...]:
    """Return the project's cost lines by code."""
    own = [name for name in PlannedCost.__slots__ if name != "activity"]
    rows = session.execute(
        select(*(getattr(CostLine, name) for name in own), Activity.code.label("activity"))
        .outerjoin(Activity, Activity.id == CostLine.activity_id)
        .where(CostLine.project_id == project_id)
        .order_by(CostLine.code)
    )
    return tuple(PlannedCost(**row) for row in rows.mappings())


def find_risks(session: Session, project_id: UUID) -> tuple[RegisteredRisk, ...]:
    """Return the project's risks, closed ones too."""
    rows = session.execute(
        select(*(getattr(Risk, name) for name in RegisteredRisk.__slots__))
        .where(Risk.project_id == project_id)
        .order_by(Risk.title, Risk.id)
    )
    return tuple(RegisteredRisk(**row) for row in rows.mappings())
