from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contracts.args.maintenance import PruneLedger
from schedules.entries import Schedule
from workers.beat import newest_slot


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("cron", "zone", "now", "slot"),
    [
        ("17 * * * *", "UTC", "2026-11-22T10:16:59+00:00", "2026-11-22T09:17:00+00:00"),
        ("17 * * * *", "UTC", "2026-11-22T10:17:00+00:00", "2026-11-22T10:17:00+00:00"),
        ("0 2 * * *", "America/Toronto", "2026-11-22T06:59:00+00:00", "2026-11-21T07:00:00+00:00"),
        ("0 2 * * *", "America/Toronto", "2026-11-22T07:00:05+00:00", "2026-11-22T07:00:00+00:00"),
    ],
)
def test_the_newest_slot_is_the_last_one_not_after_now(cron: str, zone: str, now: str, slot: str) -> None:
    schedule = Schedule("s", cron, PruneLedger(), time_zone=zone)
    found = newest_slot(schedule, at(now))
    assert found == at(slot)
    assert found.tzinfo is UTC
