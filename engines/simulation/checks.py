"""Whether a model can be simulated. Every fault names its row and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engines.simulation.distributions import fault_of
from engines.simulation.model import Activity, BadPlan, Calendar, CostLine, Link, Model, Risk
from engines.simulation.network import in_order

# So many faults are told at once.
FAULTS_TOLD = 10


def check(model: Model) -> None:
    """Refuse what cannot be simulated.

    Raises:
        BadPlan: with one sentence for each fault.
    """
    faults = list(faults_of(model))
    if faults:
        more = f" And {len(faults) - FAULTS_TOLD} more." if len(faults) > FAULTS_TOLD else ""
        raise BadPlan(" ".join(f"{fault}." for fault in faults[:FAULTS_TOLD]) + more)
    in_order(model.activities, model.links)


def faults_of(model: Model) -> Iterator[str]:
    """Every fault, in the order of the plan."""
    codes = Counter(activity.code for activity in model.activities)
    if not model.activities:
        yield "The plan has no activities; add at least one with a three-point duration"
    if not model.cost_lines:
        yield "The plan has no cost lines; add at least one with a three-point amount"
    for code, count in codes.items():
        if count > 1:
            yield f"Activity {code} is there {count} times; give each a code of its own"
    for calendar in dict.fromkeys((model.calendar, *(activity.calendar for activity in model.activities))):
        yield from faults_of_calendar(calendar)
    for activity in model.activities:
        yield from faults_of_activity(activity, model)
    for link in model.links:
        yield from faults_of_link(link, codes)
    for line in model.cost_lines:
        yield from faults_of_line(line, codes)
    for risk in model.risks:
        yield from faults_of_risk(risk)


def faults_of_calendar(calendar: Calendar) -> Iterator[str]:
    """A calendar on which no work is ever done."""
    if not calendar.weekdays or not calendar.weekdays <= set(range(1, 8)):
        yield f"Calendar {calendar.name!r} has no working weekdays from 1 (Monday) to 7; give it at least one"


def faults_of_activity(activity: Activity, model: Model) -> Iterator[str]:
    """An activity's estimate and its dates."""
    named = f"Activity {activity.code}"
    if fault := fault_of(activity.duration):
        yield f"{named} {fault}"
    if activity.duration.optimistic < 0:
        yield f"{named} has a negative optimistic duration; give working days from 0"
    if activity.remaining < 0:
        yield f"{named} has a negative remaining duration; give working days from 0"
    for what, day in (("began", activity.actual_start), ("was finished", activity.actual_finish)):
        if day is not None and day >= model.first_day:
            yield f"{named} {what} on {day}, after the data date; move the data date, or take the actual date away"


def faults_of_link(link: Link, codes: Counter[str]) -> Iterator[str]:
    """A link whose ends are not there."""
    for code in (link.predecessor, link.successor):
        if code not in codes:
            yield f"The link {link.predecessor} → {link.successor} names activity {code}, which is not in the plan"


def faults_of_line(line: CostLine, codes: Counter[str]) -> Iterator[str]:
    """A cost line's estimate, its activity and what it has spent."""
    named = f"Cost line {line.code}"
    if fault := fault_of(line.amount):
        yield f"{named} {fault}"
    if line.activity is not None and line.activity not in codes:
        yield f"{named} names activity {line.activity}, which is not in the plan"
    if line.is_burn_rate and line.activity is None:
        yield f"{named} is a burn rate without an activity; name the one whose working days it counts"
    if not line.is_burn_rate and line.spent > max(line.amount.pessimistic, 0):
        yield f"{named} has spent {line.spent:,.2f}, more than its pessimistic amount; raise its estimate"
    if line.escalation_rate and (line.escalation_base is None or line.activity is None):
        yield f"{named} has an escalation rate; give it a base date, and the activity that says when it is spent"


def faults_of_risk(risk: Risk) -> Iterator[str]:
    """A risk's probability and what it does."""
    named = f"Risk {risk.title!r}"
    if not 0 <= risk.probability <= 1:
        yield f"{named} has the probability {risk.probability:g}; give one from 0 to 1"
    for estimate in filter(None, (risk.cost, risk.delay)):
        if fault := fault_of(estimate):
            yield f"{named} {fault}"
    if risk.delay and risk.delay.optimistic < 0:
        yield f"{named} has a negative delay; give working days from 0"
