"""Whatever the minute, summer time or not: a schedule's newest slot is the one that beat should fire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.args.maintenance import PruneLedger
from schedules.entries import SCHEDULES, Schedule
from workers.beat import newest_slot

OTHERS = tuple(
    Schedule(cron, cron, PruneLedger(), time_zone=zone)
    for zone in ("America/Toronto", "America/St_Johns", "Europe/London", "UTC")
    for cron in ("30 2 * * *", "30 1 * * *", "*/15 * * * *", "0 * * * *", "0 3 * * SUN", "15 2 8 3 *", "0 6 L * *")
)
schedules = st.sampled_from(SCHEDULES + OTHERS)
# 2026's changes of the clock: in America on 8 March and 1 November, in Europe on 29 March and 25 October.
changes = st.builds(
    lambda day, seconds: datetime.fromisoformat(f"2026-{day}T00:00Z") + timedelta(seconds=seconds),
    st.sampled_from(["03-08", "11-01", "03-29", "10-25"]),
    st.integers(-5 * 3600, 12 * 3600),
)
moments = changes | st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(schedules, moments)
def test_a_slot_is_a_whole_minute_that_is_not_after_now(schedule: Schedule, now: datetime) -> None:
    slot = newest_slot(schedule, now)
    assert slot <= now
    assert slot.tzinfo is UTC
    assert (slot.second, slot.microsecond) == (0, 0)


@given(schedules, moments)
def test_a_slot_is_its_own_newest_slot(schedule: Schedule, now: datetime) -> None:
    slot = newest_slot(schedule, now)
    assert newest_slot(schedule, slot) == slot


@given(schedules, moments, st.timedeltas(timedelta(0), timedelta(hours=6)))
def test_slots_never_go_back_and_none_is_skipped(schedule: Schedule, now: datetime, later: timedelta) -> None:
    slot, newer = newest_slot(schedule, now), newest_slot(schedule, now + later)
    assert slot <= newer
    assert newer == slot or newer > now


@given(st.sampled_from([each for each in SCHEDULES + OTHERS if each.cron.endswith("* * *")]), moments)
def test_no_day_is_without_a_slot(schedule: Schedule, now: datetime) -> None:
    # A day on which the clock is put back has 25 hours; a slot within the hour that is left out moves.
    assert now - newest_slot(schedule, now) <= timedelta(hours=26)
