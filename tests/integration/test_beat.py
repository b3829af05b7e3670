from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from contracts.args.maintenance import PruneLedger
from db.repositories.runs import list_runs
from db.session import Database
from schedules.entries import Schedule
from tests.support.databases import TestDatabase
from workers.beat import MAX_LATENESS, Beat

HOURLY = Schedule("hourly", "17 * * * *", PruneLedger())
NOON = datetime(2026, 11, 22, 12, 17, 30, tzinfo=UTC)


@pytest.fixture
def worker_database(database: TestDatabase) -> Iterator[Database]:
    made = Database(database.worker_url, application_name="test")
    yield made
    made.close()


def test_beats_side_by_side_make_one_run_of_a_slot(worker_database: Database) -> None:
    beats = [Beat(worker_database, [HOURLY]) for _ in range(3)]
    assert [beat.tick(NOON) for beat in beats] == [1, 0, 0]
    assert beats[1].tick(NOON + timedelta(hours=1)) == 1
    with worker_database.transaction() as session:
        assert len(list_runs(session, kind="ledger.prune")) == 2


def test_a_slot_missed_by_too_much_is_left_out(worker_database: Database) -> None:
    yearly = Schedule("yearly", "0 0 1 1 *", PruneLedger())
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    beat = Beat(worker_database, [yearly])
    assert beat.tick(new_year + MAX_LATENESS + timedelta(seconds=1)) == 0
    assert beat.tick(new_year + MAX_LATENESS) == 1
