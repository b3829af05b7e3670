"""The tasks of the memory in this process, on a real database: vectors of other models, paid calls, what fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text

from contracts.args.memory import EmbedMemory, ImportMemory, LookUpMemory
from contracts.errors import Permanent
from contracts.outcome import Result, Snooze
from db import ledger
from db.repositories.files import add_file
from db.session import Database, Session
from providers.ai.embedder import DIMENSIONS, Embedder, Embeddings
from providers.ai.embedders.local import LocalEmbedder
from providers.ai.usage import Usage
from providers.storage.stores.local import LocalStore
from tasks.context import TaskContext
from tasks.memory import BATCHES_A_RUN, FileGone, embed_memory, import_memory, look_up_memory
from tests.support.databases import TestDatabase
from tests.support.samples import LOCKS_MANAGER, SPONSOR


class PaidEmbedder:
    """Costs something, and may break after a number of calls."""

    provider = "openai"
    model = "paid-1"

    def __init__(self, *, breaks_at: int = 1_000) -> None:
        self.calls: list[list[str]] = []
        self.breaks_at = breaks_at

    def embed(self, texts: Sequence[str]) -> Embeddings:
        self.calls.append(list(texts))
        if len(self.calls) == self.breaks_at:
            raise RuntimeError("in the middle")
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        vectors[:, len(self.calls)] = 1
        return Embeddings(vectors, Usage(len(texts), cost_usd=Decimal("0.00000002") * len(texts), request_id="req"))


@pytest.fixture
def worker(database: TestDatabase) -> Iterator[Database]:
    made = Database(database.worker_url, application_name="test", pool_size=3)
    yield made
    made.close()


Perform = Callable[..., Any]


@pytest.fixture
def perform(worker: Database, tmp_path: Path) -> Perform:
    """Do a task as the executor does: in one transaction, undone when it fails."""

    def do(task: Callable[..., Any], args: Any, embedder: Embedder | None = None, **context: Any) -> Any:
        with worker.transaction() as session:
            run_id = context.pop("run_id", None) or ledger.enqueue(session, args, requested_by=SPONSOR).id
        with worker.transaction() as session:
            return task(args, context_of(session, worker, tmp_path, run_id, embedder or LocalEmbedder(), **context))

    return do


def context_of(
    session: Session, worker: Database, folder: Path, run_id: UUID, embedder: Embedder, **context: Any
) -> TaskContext:
    made = TaskContext(
        run_id=run_id,
        attempt=1,
        requested_by=SPONSOR,
        session=session,
        store=LocalStore(folder),
        renderer=cast("Any", SimpleNamespace()),
        embedder=embedder,
        assistant=None,
        aside=worker.transaction,
        progress=lambda *_: None,
        resume=None,
        save=cast("Any", lambda *_: None),
        now=lambda: datetime.now(UTC),
        random=Random(0),
    )
    return replace(made, **context)


@contextmanager
def filled(worker: Database, entries: int) -> Iterator[None]:
    with worker.transaction() as session:
        session.execute(
            text(
                "INSERT INTO translation_memory (source_text, target_text, source_language, target_language)"
                " SELECT 'lock number ' || n, 'écluse numéro ' || n, 'en', 'fr' FROM generate_series(1, :entries) AS n"
            ),
            {"entries": entries},
        )
    yield


def rows(worker: Database, query: str) -> list[Any]:
    with worker.transaction() as session:
        return list(session.execute(text(query)))


def test_a_run_embeds_a_few_batches_and_comes_back_for_the_rest(worker: Database, perform: Perform) -> None:
    args = EmbedMemory(batch_size=4)
    with worker.transaction() as session:
        run_id = ledger.enqueue(session, args, requested_by=SPONSOR).id
    with filled(worker, 2 * BATCHES_A_RUN + 3):
        outcome = perform(embed_memory, args, run_id=run_id)
        assert isinstance(outcome, Snooze)
        assert rows(worker, "SELECT count(*) FROM translation_memory WHERE embedded_at IS NOT NULL") == [(10,)]
        outcome = perform(embed_memory, args, run_id=run_id)
        assert outcome == Result(
            {"embedded": 13, "entries": 13, "chunks": 0, "provider": "local", "model": "local-ngram-1"}
        )


def test_vectors_of_another_model_are_replaced_and_blank_texts_left_alone(worker: Database, perform: Perform) -> None:
    with filled(worker, 3):
        perform(embed_memory, EmbedMemory())
        with worker.transaction() as session:
            session.execute(
                text("INSERT INTO content_chunks (job_id, chunk_text) SELECT id, 'lock' FROM job_descriptions")
            )
            session.execute(
                text(
                    "INSERT INTO content_chunks (job_id, chunk_text, chunk_index)"
                    " SELECT id, ' ', 7 FROM job_descriptions"
                )
            )
        outcome = perform(embed_memory, EmbedMemory(), PaidEmbedder())
        assert outcome.value["model"] == "paid-1"
        assert (outcome.value["entries"], outcome.value["chunks"]) == (3, 4)
        assert rows(worker, "SELECT DISTINCT embedding_model FROM translation_memory") == [("paid-1",)]
        assert rows(worker, "SELECT DISTINCT embedding_model FROM content_chunks WHERE chunk_index IS NULL") == [
            ("paid-1",)
        ]
        assert perform(embed_memory, EmbedMemory(), PaidEmbedder()).value["embedded"] == 0


def test_what_was_paid_is_on_record_though_the_attempt_failed(worker: Database, perform: Perform) -> None:
    embedder = PaidEmbedder(breaks_at=2)
    with filled(worker, 4), pytest.raises(RuntimeError, match="in the middle"):
        perform(embed_memory, EmbedMemory(batch_size=4), embedder)
    assert rows(worker, "SELECT count(*) FROM translation_memory WHERE embedded_at IS NOT NULL") == [(0,)]
    [record] = rows(worker, "SELECT * FROM ai_usage_tracking")
    assert (record.service_type, record.operation_type, record.model_name) == ("openai", "embedding", "paid-1")
    assert (record.input_tokens, record.total_tokens, record.cost_usd) == (4, 4, Decimal("0.00000008"))
    assert (record.request_id, record.success, record.request_metadata["texts"]) == ("req", "success", 4)
    perform(embed_memory, EmbedMemory(batch_size=4), PaidEmbedder())
    assert len(rows(worker, "SELECT FROM ai_usage_tracking")) == 3


def test_a_lookup_compares_vectors_of_its_own_model_alone(worker: Database, perform: Perform) -> None:
    with filled(worker, 3):
        perform(embed_memory, EmbedMemory(), PaidEmbedder())
        args = LookUpMemory(text="number of lock", minimum_score=1)
        assert perform(look_up_memory, args).value["matches"] == []
        perform(embed_memory, EmbedMemory())
        assert {match["kind"] for match in perform(look_up_memory, args).value["matches"]} == {"semantic"}


def test_exact_matches_that_are_enough_ask_no_model(worker: Database, perform: Perform) -> None:
    embedder = PaidEmbedder()
    with filled(worker, 3):
        outcome = perform(look_up_memory, LookUpMemory(text="lock number 2", limit=1), embedder)
    assert [match["target"] for match in outcome.value["matches"]] == ["écluse numéro 2"]
    assert embedder.calls == []


def test_a_result_holds_no_document(worker: Database, perform: Perform) -> None:
    with worker.transaction() as session:
        session.execute(
            text(
                "INSERT INTO translation_memory (source_text, target_text, source_language, target_language, domain)"
                " SELECT 'lock', repeat('é', 9000) || n, 'en', 'fr', n FROM generate_series(1, 30) AS n"
            )
        )
    matches = perform(look_up_memory, LookUpMemory(text="lock", limit=20)).value["matches"]
    assert len(matches) == 20
    assert all(match["target"].endswith("é …") for match in matches)
    assert len(str(matches).encode()) < 32 * 1024


@pytest.mark.parametrize("owner", [SPONSOR, LOCKS_MANAGER])
def test_a_file_that_is_gone_or_not_the_askers_is_refused_for_good(
    perform: Perform, database: TestDatabase, owner: UUID
) -> None:
    api = Database(database.api_url, application_name="test", pool_size=1)
    with api.transaction(acting_as=SPONSOR) as session:
        file = add_file(
            session,
            owner_id=SPONSOR,
            key=f"uploads/{SPONSOR}/1",
            name="a.tmx",
            media_type="text/xml",
            size=1,
            sha256="0" * 64,
        )
    api.close()
    with pytest.raises(FileGone, match="hand it in again") as refusal:
        perform(import_memory, ImportMemory(file_id=file.id), requested_by=owner)
    assert isinstance(refusal.value, Permanent)
