"""The tasks of the memory in this process, on a real database: vectors of other models, paid calls, what fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import numpy as np
import psycopg
import pytest
from sqlalchemy import text

from contracts.args.memory import EmbedMemory, ImportMemory, LookUpMemory
from contracts.errors import Permanent, ProviderFailure
from contracts.outcome import Result, Snooze
from db import ledger
from db.repositories import memory as entries
from db.repositories.files import add_file
from db.repositories.memory import NewEntry
from db.session import Database, Session
from providers.ai.embedder import DIMENSIONS, Embedder, Embeddings, OnPaid, ignore_usage
from providers.ai.embedders.local import LocalEmbedder
from providers.ai.usage import Usage
from providers.storage.stores.local import LocalStore
from tasks import memory
from tasks.context import Checkpoint, TaskContext
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

    def embed(self, texts: Sequence[str], *, on_paid: OnPaid = ignore_usage) -> Embeddings:
        self.calls.append(list(texts))
        if len(self.calls) == self.breaks_at:
            raise RuntimeError("in the middle")
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        vectors[:, len(self.calls)] = 1
        on_paid(Usage(len(texts), cost_usd=Decimal("0.00000002") * len(texts), request_id="req"), len(texts))
        return Embeddings(vectors)


@pytest.fixture
def worker(database: TestDatabase) -> Iterator[Database]:
    made = Database(database.worker_url, application_name="test", pool_size=3)
    yield made
    made.close()


Perform = Callable[..., Any]


@pytest.fixture
def perform(worker: Database, tmp_path: Path) -> Perform:
    """Do a task as the executor does: undone when it fails, as far as it is not saved, which a later attempt gets."""
    saved: dict[UUID, Checkpoint] = {}

    def do(task: Callable[..., Any], args: Any, embedder: Embedder | None = None, **context: Any) -> Any:
        with worker.transaction() as session:
            run_id = context.pop("run_id", None) or ledger.enqueue(session, args, requested_by=SPONSOR).id
        with worker.transaction() as session:

            def save(name: str, state: Mapping[str, Any] | None = None) -> None:
                session.commit()
                saved[run_id] = Checkpoint(name, json.loads(json.dumps(state)))

            more: dict[str, Any] = {"save": save, "resume": saved.get(run_id), **context}
            return task(args, context_of(session, worker, tmp_path, run_id, embedder or LocalEmbedder(), **more))

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


EMBEDDED = "SELECT count(*) FROM translation_memory WHERE embedded_at IS NOT NULL"


def test_a_second_attempt_pays_for_no_text_again(worker: Database, perform: Perform) -> None:
    args = EmbedMemory(batch_size=4)
    with worker.transaction() as session:
        run_id = ledger.enqueue(session, args, requested_by=SPONSOR).id
    first, second = PaidEmbedder(breaks_at=3), PaidEmbedder()
    with filled(worker, 7):
        with pytest.raises(RuntimeError, match="in the middle"):
            perform(embed_memory, args, first, run_id=run_id)
        assert rows(worker, EMBEDDED) == [(4,)]
        outcome = perform(embed_memory, args, second, run_id=run_id, attempt=2)
    assert (outcome.value["embedded"], outcome.value["entries"]) == (7, 7)
    paid = [text for batch in (*first.calls[:2], *second.calls) for text in batch]
    assert len(paid) == len(set(paid)) == 14
    assert rows(worker, "SELECT sum(input_tokens) FROM ai_usage_tracking") == [(14,)]


def test_runs_side_by_side_count_only_what_they_did(worker: Database, perform: Perform) -> None:
    args = EmbedMemory(batch_size=4)
    with worker.transaction() as session:
        runs = [ledger.enqueue(session, args, requested_by=SPONSOR).id for _ in range(3)]
    with filled(worker, 3 * 2 * BATCHES_A_RUN):
        for run_id in runs:
            assert isinstance(perform(embed_memory, args, run_id=run_id), Snooze)
        counts = [perform(embed_memory, args, run_id=run_id).value["embedded"] for run_id in runs]
    assert counts == [2 * BATCHES_A_RUN] * 3


def test_progress_after_a_change_of_model_counts_what_is_really_to_be_done(worker: Database, perform: Perform) -> None:
    told: list[float] = []
    with filled(worker, 8):
        perform(embed_memory, EmbedMemory())
        with worker.transaction() as session:
            for number, chunk in enumerate((" ", "lock"), start=1):
                session.execute(
                    text(
                        "INSERT INTO content_chunks (job_id, chunk_text, chunk_index)"
                        " SELECT min(id), :chunk, :number FROM job_descriptions"
                    ),
                    {"chunk": chunk, "number": number},
                )
            session.execute(
                text(
                    "INSERT INTO translation_memory (source_text, target_text, source_language, target_language)"
                    " VALUES (' ', 'x', 'en', 'fr')"
                )
            )
        args = EmbedMemory(batch_size=4)
        perform(embed_memory, args, PaidEmbedder(), progress=lambda fraction, _: told.append(fraction))
    assert told[:3] == pytest.approx([2 / 9, 4 / 9, 6 / 9])


def test_what_was_paid_is_on_record_though_the_attempt_failed(worker: Database, perform: Perform) -> None:
    embedder = PaidEmbedder(breaks_at=2)
    with filled(worker, 4), pytest.raises(RuntimeError, match="in the middle"):
        perform(embed_memory, EmbedMemory(batch_size=4), embedder)
    assert rows(worker, EMBEDDED) == [(2,)]
    [record] = rows(worker, "SELECT * FROM ai_usage_tracking")
    assert (record.service_type, record.operation_type, record.model_name) == ("openai", "embedding", "paid-1")
    assert (record.input_tokens, record.total_tokens, record.cost_usd) == (4, 4, Decimal("0.00000008"))
    assert (record.request_id, record.success, record.request_metadata["texts"]) == ("req", "success", 4)
    [use] = rows(
        worker, "SELECT ai_usage_sessions.*, auth_user_id FROM ai_usage_sessions JOIN users ON users.id = user_id"
    )
    assert (use.auth_user_id, use.ai_provider, use.feature_type) == (SPONSOR, "openai", "translation_memory")
    assert (use.tokens_used, use.estimated_cost, use.call_key) == (4, Decimal("0.00000008"), record.call_key)
    perform(embed_memory, EmbedMemory(batch_size=4), PaidEmbedder())
    assert len(rows(worker, "SELECT FROM ai_usage_tracking")) == 2


class HalfDeafEmbedder(PaidEmbedder):
    """Makes two calls of one question; the second one fails."""

    def embed(self, texts: Sequence[str], *, on_paid: OnPaid = ignore_usage) -> Embeddings:
        on_paid(Usage(7), len(texts) - 1)
        raise ProviderFailure


def test_a_call_is_on_record_though_the_next_one_of_its_batch_failed(worker: Database, perform: Perform) -> None:
    with filled(worker, 1), pytest.raises(ProviderFailure):
        perform(embed_memory, EmbedMemory(), HalfDeafEmbedder())
    assert rows(worker, "SELECT input_tokens, cost_usd FROM ai_usage_tracking") == [(7, None)]


@pytest.fixture
def hand_in(database: TestDatabase, tmp_path: Path) -> Callable[[bytes], UUID]:
    """Put a file into the store and note it in the sponsor's name."""

    def put(content: bytes) -> UUID:
        stored = LocalStore(tmp_path).put(f"uploads/{SPONSOR}/{uuid4()}", [content])
        api = Database(database.api_url, application_name="test", pool_size=1)
        with api.transaction(acting_as=SPONSOR) as session:
            file = add_file(
                session,
                owner_id=SPONSOR,
                key=stored.key,
                name="a.tmx",
                media_type="text/xml",
                size=stored.size,
                sha256=stored.sha256,
            )
        api.close()
        return file.id

    return put


def tmx_of(pairs: int) -> bytes:
    """A file of so many pairs, two to a unit, every second unit of no use, and the first pair once more at its end."""
    unit = "<tu>{}</tu>"
    variant = '<tuv xml:lang="{}"><seg>{}</seg></tuv>'
    units = [
        unit.format(
            variant.format("en", f"lock {number}")
            + variant.format("fr", f"a{number}")
            + variant.format("fr", f"b{number}")
        )
        + unit.format(variant.format("en", "alone"))
        for number in range(pairs // 2)
    ]
    return f'<tmx version="1.4"><body>{"".join([*units, units[0]])}</body></tmx>'.encode()


def test_an_import_that_broke_off_goes_on_where_it_was(
    worker: Database, perform: Perform, hand_in: Callable[[bytes], UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Odd, so that batches end in the middle of units.
    monkeypatch.setattr(memory, "ENTRIES_A_STATEMENT", 3)
    args = ImportMemory(file_id=hand_in(tmx_of(40)))
    with worker.transaction() as session:
        run_id = ledger.enqueue(session, args, requested_by=SPONSOR).id
    sent: list[int] = []
    add_entries = entries.add_entries

    def add(session: Session, new: Sequence[NewEntry], **options: Any) -> int:
        if len(sent) == memory.STATEMENTS_A_CHECKPOINT + 2:
            raise RuntimeError("in the middle")
        sent.append(len(new))
        return add_entries(session, new, **options)

    monkeypatch.setattr(entries, "add_entries", add)
    with pytest.raises(RuntimeError, match="in the middle"):
        perform(import_memory, args, run_id=run_id)
    kept = 3 * memory.STATEMENTS_A_CHECKPOINT
    assert rows(worker, "SELECT count(*) FROM translation_memory") == [(kept,)]
    monkeypatch.setattr(entries, "add_entries", add_entries)
    outcome = perform(import_memory, args, run_id=run_id, attempt=2)
    expected = {"read": 42, "added": 40, "already_there": 2, "skipped": {"no fr": 21}}
    assert outcome == Result(expected)
    assert rows(worker, "SELECT count(*) FROM translation_memory") == [(40,)]
    assert perform(import_memory, args) == Result({**expected, "added": 0, "already_there": 42})


def test_a_person_who_left_is_not_named_as_who_made_an_entry(
    worker: Database, perform: Perform, hand_in: Callable[[bytes], UUID], database: TestDatabase
) -> None:
    args = ImportMemory(file_id=hand_in(tmx_of(2)), embed=False)
    with worker.transaction() as session:
        run_id = ledger.enqueue(session, args, requested_by=SPONSOR).id
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute("UPDATE users SET is_active = false WHERE auth_user_id = %s", [SPONSOR])
    perform(import_memory, args, run_id=run_id)
    assert rows(worker, "SELECT DISTINCT created_by FROM translation_memory") == [(None,)]


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
    perform: Perform, hand_in: Callable[[bytes], UUID], tmp_path: Path, owner: UUID
) -> None:
    file_id = hand_in(b"x")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(FileGone, match="hand it in again") as refusal:
        perform(import_memory, ImportMemory(file_id=file_id), requested_by=owner)
    assert isinstance(refusal.value, Permanent)
