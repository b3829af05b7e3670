"""Suggestions in this process, on a real database: whose memory is quoted, and what is kept of a paid answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from sqlalchemy import text

from contracts.args.descriptions import CheckCompliance, CreateSuggestions, SuggestionType
from contracts.outcome import Result
from db.session import Database, Session
from providers.ai import assistant as ai
from providers.ai.embedders.local import LocalEmbedder
from providers.ai.usage import Usage
from tasks.asking_assistant import ask_once
from tasks.compliance import check_compliance
from tasks.context import TaskContext
from tasks.description_text import LONGEST_TEXT, DescriptionTooLong
from tasks.suggestions import create_suggestions
from tests.support.databases import TestDatabase
from tests.support.descriptions import ENGLISH, FRENCH, add_description

EDITOR = UUID("f33f03b1-675d-4a61-a71b-e55f03711d29")
STANDS_THERE = "Il lui faut signer les marchés jusqu'à concurrence de 40 000 $."
OF_THE_MEMORY = "Le ou la gestionnaire doit signer les marchés jusqu'à concurrence de 40 000 $."
SOURCE = "The Manager signs contracts up to $40,000 prior to delivery."


@pytest.fixture
def worker(database: TestDatabase) -> Iterator[Database]:
    made = Database(database.worker_url, application_name="test", pool_size=3)
    yield made
    made.close()


def context_of(session: Session, worker: Database, run_id: UUID, **more: Any) -> TaskContext:
    values: dict[str, Any] = {
        "run_id": run_id, "attempt": 1, "requested_by": EDITOR, "session": session, "store": SimpleNamespace(),
        "renderer": SimpleNamespace(), "embedder": LocalEmbedder(), "assistant": None, "aside": worker.transaction,
        "progress": lambda *_: None, "resume": None, "save": lambda *_: None, "now": lambda: datetime.now(UTC),
        "random": Random(0), **more,
    }  # fmt: skip
    return TaskContext(**values)


def aligned(database: TestDatabase) -> int:
    """Store a description and its translation, of which the memory knows another; return the translation's id."""
    english = add_description(database, "T-1", ENGLISH)
    french = add_description(database, "T-1", FRENCH, "fr")
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute(
            "WITH pair AS (INSERT INTO translation_pairs (source_job_id, target_job_id, source_language,"
            " target_language) VALUES (%s, %s, 'en', 'fr') RETURNING id)"
            " INSERT INTO sentence_alignments (translation_pair_id, source_sentence, target_sentence, confidence_score)"
            " SELECT id, %s, %s, 0.9 FROM pair",
            [english, french, SOURCE, STANDS_THERE],
        )
        connection.execute(
            "INSERT INTO translation_memory (source_text, target_text, source_language, target_language)"
            " VALUES (%s, %s, 'en', 'fr')",
            [SOURCE, OF_THE_MEMORY],
        )
    return french


@pytest.mark.parametrize(("role", "may_read"), [("editor", "yes"), ("user", "")])
def test_the_memory_is_quoted_only_to_those_who_may_read_it(
    database: TestDatabase, worker: Database, role: str, may_read: str
) -> None:
    job = aligned(database)
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute("UPDATE users SET role = %s WHERE auth_user_id = %s", [role, EDITOR])
    args = CreateSuggestions(job_id=job, suggestion_types=(SuggestionType.TRANSLATION,))
    with worker.transaction() as session:
        outcome = create_suggestions(args, context_of(session, worker, uuid4()))
        quoted = session.scalars(text("SELECT suggested_text FROM ai_suggestions WHERE job_id = :job"), {"job": job})
        assert list(quoted) == ([OF_THE_MEMORY] if may_read else [])
    assert isinstance(outcome, Result)
    assert set(outcome.value.get("left_out", {})) == (set() if may_read else {"translation"})


def test_a_text_that_is_too_long_is_refused_with_the_cure(database: TestDatabase, worker: Database) -> None:
    job = add_description(database, "T-2", "word " * (LONGEST_TEXT // 5) + "word")
    with worker.transaction() as session:
        for perform, args in (
            (check_compliance, CheckCompliance(job_id=job)),
            (create_suggestions, CreateSuggestions(job_id=job)),
        ):
            with pytest.raises(DescriptionTooLong, match="no more than 200,000 are read"):
                cast("Any", perform)(args, context_of(session, worker, uuid4()))


class Answering:
    """An assistant that answers at a price."""

    provider, model = "paid", "paid-1"

    def call_key(self, passage: ai.Passage, _types: Sequence[str]) -> str:
        return f"key of {passage.text}"

    def propose(self, _passage: ai.Passage, _types: Sequence[str]) -> ai.Proposals:
        return ai.Proposals((), Usage(10))


def test_an_answer_is_kept_although_the_run_is_interrupted_before_it_is_written_down(worker: Database) -> None:
    opened = 0

    @contextmanager
    def interrupted_once() -> Iterator[Session]:
        nonlocal opened
        opened += 1
        with worker.transaction() as session:
            yield session
            if opened == 1:
                raise SoftTimeLimitExceeded

    run_id = uuid4()
    with worker.transaction() as session:
        context = context_of(session, worker, run_id, aside=interrupted_once)
        with pytest.raises(SoftTimeLimitExceeded):
            ask_once(context, Answering(), ai.Passage("scope", "He plans.", "en"), ["style"], 1)
    with worker.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM ai_answers")) == 1
        paid = "SELECT count(*) FROM ai_usage_tracking WHERE request_metadata ->> 'run_id' = :run"
        assert session.scalar(text(paid), {"run": str(run_id)}) == 1
