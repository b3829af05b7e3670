"""The critical path method over many iterations at once.

A forward pass in topological order: every activity begins as soon as its links, its constraint and the first day
allow. Work that has begun keeps to its links (retained logic): what remains waits for unfinished predecessors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from graphlib import CycleError, TopologicalSorter

import numpy as np

from engines.simulation.calendars import Axis, WorkingTime
from engines.simulation.model import Activity, Array, BadPlan, Link, LinkType, Model


class NetworkLoop(BadPlan):
    """The links of the network run in a circle."""


@dataclass(frozen=True, slots=True)
class Span:
    """When an activity begins and ends: instants of the axis, one for each iteration."""

    start: Array
    finish: Array


def in_order(activities: Sequence[Activity], links: Sequence[Link]) -> tuple[Activity, ...]:
    """Sort activities so that each comes after all that it waits for.

    Raises:
        NetworkLoop: with the codes of the activities that wait for each other.
    """
    by_code = {activity.code: activity for activity in activities}
    waits_for: dict[str, list[str]] = {code: [] for code in by_code}
    for link in links:
        waits_for[link.successor].append(link.predecessor)
    try:
        return tuple(by_code[code] for code in TopologicalSorter(waits_for).static_order())
    except CycleError as error:
        loop = " → ".join(error.args[1])
        raise NetworkLoop(
            f"The links run in a circle: {loop}. Remove the one that does not hold; an activity can't wait for itself."
        ) from None


def forward_pass(model: Model, axis: Axis, durations: Mapping[str, Array]) -> dict[str, Span]:
    """Begin and end of every activity, given the working days that each still takes."""
    arriving: dict[str, list[Link]] = {}
    for link in model.links:
        arriving.setdefault(link.successor, []).append(link)
    spans: dict[str, Span] = {}
    for activity in in_order(model.activities, model.links):
        duration = durations[activity.code]
        if activity.actual_finish is not None:
            spans[activity.code] = as_happened(activity, axis, duration)
        else:
            spans[activity.code] = as_links_allow(
                activity, arriving.get(activity.code, ()), model, axis, duration=duration, spans=spans
            )
    return spans


def as_happened(activity: Activity, axis: Axis, like: Array) -> Span:
    """The span of an activity that is done."""
    assert activity.actual_finish is not None  # noqa: S101 - the caller asked
    started = activity.actual_start or activity.actual_finish
    return Span(np.full_like(like, axis.morning(started)), np.full_like(like, axis.evening(activity.actual_finish)))


def as_links_allow(
    activity: Activity,
    links: Sequence[Link],
    model: Model,
    axis: Axis,
    *,
    duration: Array,
    spans: Mapping[str, Span],
) -> Span:
    """The span of work that lies ahead: as soon as everything that it waits for allows."""
    time = axis.working_time(activity.calendar)
    bounds = [
        *dated_bounds(activity, model, axis, time, duration),
        *(linked_bound(link, spans[link.predecessor], time, duration) for link in links),
    ]
    position = reduce(np.maximum, bounds)
    begins = time.start(position)
    if activity.actual_start is not None:
        begins = np.full_like(duration, axis.morning(activity.actual_start))
    # What takes no time ends on the evening before it could begin, but not before the day from which work is planned.
    return Span(begins, np.maximum(time.finish(position + duration), axis.morning(model.first_day)))


def dated_bounds(activity: Activity, model: Model, axis: Axis, time: WorkingTime, duration: Array) -> list[Array]:
    """The earliest positions at which work can begin by the dates that the activity must keep."""
    mornings = [axis.morning(model.first_day)]
    if activity.start_no_earlier_than is not None:
        mornings.append(axis.morning(activity.start_no_earlier_than))
    bounds = [time.position(np.full_like(duration, morning)) for morning in mornings]
    if activity.finish_no_earlier_than is not None:
        evening = np.full_like(duration, axis.evening(activity.finish_no_earlier_than))
        bounds.append(time.position(evening) - duration)
    return bounds


def linked_bound(link: Link, predecessor: Span, time: WorkingTime, duration: Array) -> Array:
    """The earliest position at which the successor's work can begin by one link."""
    of_finish = link.type in {LinkType.FINISH_TO_START, LinkType.FINISH_TO_FINISH}
    position = time.position(predecessor.finish if of_finish else predecessor.start) + link.lag
    holds_finish = link.type in {LinkType.FINISH_TO_FINISH, LinkType.START_TO_FINISH}
    return position - duration if holds_finish else position
