"""From the rows of a plan to what the engine simulates: which rows count, and what their columns mean.

- The data date is the latest `data_date` of the activities, or actual date if that is later; work that is not done is
  done from the next day on. Without any, it is done from the project's start.
- An activity with `actual_finish` is a fact. Of one that has begun, `remaining_duration` (in proportion to the most
  likely duration), else what `percent_complete` leaves, scales the whole estimate.
- The impact of a risk, between 0 and 1, is a share of what impact 1 means: `full_impact_cost` of the budget, and
  `full_impact_delay` of the working days from the project's start to its end. A risk of the category schedule delays
  only, a financial one costs only, any other does both. A closed risk is left out. A delay moves the project's finish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from contracts.args.simulations import RunSimulation
from db.repositories.plans import Plan, PlannedActivity, PlannedCalendar, PlannedCost, RegisteredRisk
from engines.simulation.calendars import working_days
from engines.simulation.model import (
    Activity,
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
from engines.simulation.results import Targets

# A register holds one number for an impact. It is taken for the middle of a range of half as much on either side, so
# that the expected loss stays the register's own: probability times impact.
IMPACT_SPREAD = (0.5, 1.0, 1.5)
# A project without calendars is worked from Monday to Friday, as the schema's default calendar is.
STANDARD_CALENDAR = Calendar("Monday to Friday")
CLOSED = "closed"
DELAYS_ONLY, COSTS_ONLY = "schedule", "financial"
FREE = "as_soon_as_possible"
START_BOUND, FINISH_BOUND = "start_no_earlier_than", "finish_no_earlier_than"
PERCENT = 100


def targets_of(plan: Plan, args: RunSimulation) -> Targets:
    """What the project is held to: what was asked for, else its budget and its end date.

    Raises:
        BadPlan: there is neither.
    """
    cost, finish = args.target_cost or plan.project.budget, args.target_date or plan.project.end_date
    if cost is None:
        raise BadPlan(f"Project {plan.project.name!r} has no budget: give it one, or name a target_cost.")
    if finish is None:
        raise BadPlan(f"Project {plan.project.name!r} has no end date: give it one, or name a target_date.")
    return Targets(float(cost), finish)


def model_of(plan: Plan, args: RunSimulation) -> Model:
    """What the engine simulates.

    Raises:
        BadPlan: a row cannot be simulated; the message names it.
    """
    calendars = {calendar.id: calendar_of(calendar) for calendar in plan.calendars}
    calendar = project_calendar(plan.calendars)
    return Model(
        activities=tuple(activity_of(one, calendars, calendar) for one in plan.activities),
        links=tuple(
            Link(one.predecessor, one.successor, LinkType(one.link_type), float(one.lag)) for one in plan.links
        ),
        cost_lines=tuple(cost_line_of(one, plan.project.currency) for one in plan.cost_lines),
        risks=risks_of(plan, args, calendar),
        calendar=calendar,
        first_day=first_day(plan),
        correlation=args.correlation,
    )


def calendar_of(row: PlannedCalendar) -> Calendar:
    """A calendar with its exceptions."""
    exceptions = tuple(CalendarException(one.start_date, one.end_date, one.is_working) for one in row.exceptions)
    return Calendar(row.name, frozenset(row.working_weekdays), exceptions)


def project_calendar(rows: Sequence[PlannedCalendar]) -> Calendar:
    """The calendar of what has none of its own: the default one, else the only one.

    Raises:
        BadPlan: there are several, and none is the default.
    """
    if not rows:
        return STANDARD_CALENDAR
    chosen = [row for row in rows if row.is_default] or list(rows)
    if len(chosen) > 1:
        names = ", ".join(row.name for row in chosen)
        raise BadPlan(f"The project has the calendars {names}, and none is the default: make one of them the default.")
    return calendar_of(chosen[0])


def first_day(plan: Plan) -> date:
    """The first day on which work that is not done can be done.

    Raises:
        BadPlan: nothing says so.
    """
    dated = (day for one in plan.activities for day in (one.data_date, one.actual_start, one.actual_finish))
    if known := [day for day in dated if day is not None]:
        return max(known) + timedelta(days=1)
    if plan.project.start_date is None:
        raise BadPlan(f"Project {plan.project.name!r} has no start date and its activities no data date: give either.")
    return plan.project.start_date


def activity_of(row: PlannedActivity, calendars: Mapping[UUID, Calendar], default: Calendar) -> Activity:
    """An activity with what is left of it, and the constraint that it keeps.

    Raises:
        BadPlan: it has a constraint that only a backward pass could keep, or says that it is done but not when.
    """
    if row.actual_finish is None and row.constraint_type not in {FREE, START_BOUND, FINISH_BOUND}:
        raise BadPlan(
            f"Activity {row.code} has the constraint {row.constraint_type.replace('_', ' ')}, which is not simulated: "
            "use start no earlier than or finish no earlier than, or links."
        )
    if row.actual_finish is None and row.percent_complete >= PERCENT and row.remaining_duration is None:
        raise BadPlan(f"Activity {row.code} is 100 % complete without an actual finish: give it the date.")
    duration, remaining = what_remains(row)
    return Activity(
        code=row.code,
        name=row.name,
        duration=duration,
        calendar=calendars[row.calendar_id] if row.calendar_id else default,
        remaining=remaining,
        actual_start=row.actual_start,
        actual_finish=row.actual_finish,
        start_no_earlier_than=row.constraint_date if row.constraint_type == START_BOUND else None,
        finish_no_earlier_than=row.constraint_date if row.constraint_type == FINISH_BOUND else None,
    )


def what_remains(row: PlannedActivity) -> tuple[Estimate, float]:
    """The estimate of an activity's duration, and the share of it that is still to be worked."""
    estimate = Estimate(
        float(row.optimistic_duration),
        float(row.most_likely_duration),
        float(row.pessimistic_duration),
        Distribution(row.distribution),
    )
    if row.remaining_duration is None:
        return estimate, float(1 - row.percent_complete / PERCENT)
    if row.most_likely_duration == 0:
        left = float(row.remaining_duration)
        return Estimate(left, left, left, Distribution.FIXED), 1.0
    return estimate, float(row.remaining_duration / row.most_likely_duration)


def cost_line_of(row: PlannedCost, currency: str) -> CostLine:
    """A cost line.

    Raises:
        BadPlan: it is in another currency than the project.
    """
    if row.currency != currency:
        raise BadPlan(f"Cost line {row.code} is in {row.currency}, the project in {currency}: give it in {currency}.")
    return CostLine(
        code=row.code,
        name=row.name,
        amount=Estimate(
            float(row.optimistic_amount),
            float(row.most_likely_amount),
            float(row.pessimistic_amount),
            Distribution(row.distribution),
        ),
        activity=row.activity,
        is_burn_rate=row.cost_type == "burn_rate",
        spent=float(row.actual_amount),
        escalation_rate=float(row.escalation_rate),
        escalation_base=row.escalation_base_date,
    )


def risks_of(plan: Plan, args: RunSimulation, calendar: Calendar) -> tuple[Risk, ...]:
    """The risks that are open, with what they do scaled to the project.

    Raises:
        BadPlan: the project lacks what they are scaled by.
    """
    project = plan.project
    opened = [risk for risk in plan.risks if risk.status != CLOSED]
    if not opened:
        return ()
    if project.budget is None or project.start_date is None or project.end_date is None:
        raise BadPlan(
            f"The impacts of the risks of {project.name!r} are shares of its budget and of its planned duration: "
            "give the project a budget, a start date and an end date."
        )
    full_cost = args.full_impact_cost * float(project.budget)
    full_delay = args.full_impact_delay * working_days(calendar, project.start_date, project.end_date)
    return tuple(risk_of(risk, full_cost, full_delay) for risk in opened)


def risk_of(row: RegisteredRisk, full_cost: float, full_delay: float) -> Risk:
    """A risk with what it costs and delays when it occurs."""
    return Risk(
        id=str(row.id),
        title=row.title,
        probability=float(row.probability),
        cost=None if row.category == DELAYS_ONLY else spread(row.impact, full_cost),
        delay=None if row.category == COSTS_ONLY else spread(row.impact, full_delay),
    )


def spread(impact: Decimal, full: float) -> Estimate:
    """A triangular range around an impact."""
    low, middle, high = (float(impact) * full * share for share in IMPACT_SPREAD)
    return Estimate(low, middle, high)
