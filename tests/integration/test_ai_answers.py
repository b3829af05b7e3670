"""What paid calls answered: kept once, whoever asks at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.repositories.ai import find_answer, record_answer
from db.repositories.usage import PaidCall, record_failure
from db.session import Database
from tests.support.databases import TestDatabase

CALL = PaidCall(
    provider="openai", model="gpt-5-mini", operation="suggestions", feature="enhancement", run_id=uuid4(), user_id=None,
    input_tokens=100, output_tokens=20, cached_tokens=0, cost_usd=Decimal("0.000065"), request_id="req_1",
    milliseconds=5,
)  # fmt: skip


@pytest.fixture
def worker_database(database: TestDatabase) -> Iterator[Database]:
    made = Database(database.worker_url, application_name="test", pool_size=2)
    yield made
    made.close()


def test_two_who_ask_the_same_at_once_pay_once(worker_database: Database) -> None:
    paid: list[str] = []

    def ask(name: str) -> None:
        with worker_database.transaction() as session:
            if find_answer(session, "the question") is None:
                paid.append(name)
                time.sleep(0.3)
                record_answer(session, "the question", CALL, {"answer": name})

    askers = [threading.Thread(target=ask, args=(name,)) for name in ("one", "two")]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(timeout=30)
    with worker_database.transaction() as session:
        assert find_answer(session, "the question") == {"answer": paid[0]}
        assert find_answer(session, "another question") is None
        for table in ("ai_answers", "ai_usage_tracking", "ai_usage_sessions"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1
    assert len(paid) == 1


def test_what_failed_is_kept_as_often_as_it_was_paid(worker_database: Database) -> None:
    with worker_database.transaction() as session:
        record_failure(session, CALL, "It can't be read.")
        record_failure(session, CALL, "It can't be read.")
        rows = session.execute(text("SELECT success, cost_usd, call_key FROM ai_usage_tracking")).all()
        assert [tuple(row) for row in rows] == [("error", Decimal("0.00006500"), None)] * 2
        assert session.execute(text("SELECT count(*) FROM ai_usage_sessions WHERE NOT success")).scalar_one() == 2
