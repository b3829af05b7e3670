"""The job-description half of the schema at work: functions, views, natural keys, first versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from db import migrate
from db.models import ContentChunk
from db.session import engine_url
from db.verify import verify
from tests.support.databases import TestDatabase, new_database
from tests.support.jd_world import build_world, identity

DEFAULT_DATA = (Path(migrate.__file__).parent / "migrations/sql/0018_default_workflow.up.sql").read_bytes()


@pytest.fixture(scope="module")
def world(server_url: str, template: str) -> Iterator[TestDatabase]:
    with new_database(server_url, template=template) as made:
        build_world(made.migrator_url)
        yield made


@pytest.fixture
def migrator(world: TestDatabase) -> Iterator[psycopg.Connection]:
    with psycopg.connect(world.migrator_url) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def worker(world: TestDatabase) -> Iterator[psycopg.Connection]:
    with psycopg.connect(world.worker_url) as connection:
        yield connection
        connection.rollback()


def one(connection: psycopg.Connection, query: str) -> tuple[object, ...]:
    """The only row of a query."""
    (row,) = connection.execute(query.encode()).fetchall()
    return tuple(row)


def test_a_user_is_tied_to_the_identity_with_their_address(migrator: psycopg.Connection) -> None:
    assert one(migrator, "SELECT auth_user_id FROM users WHERE id = 5") == (identity("pat"),)
    with pytest.raises(errors.CheckViolation, match="no identity has the e-mail address"):
        migrator.execute("INSERT INTO users (username, email, password_hash) VALUES ('x', 'x@nowhere', 'x')")


def test_a_user_without_identity_may_only_be_inactive(migrator: psycopg.Connection) -> None:
    migrator.execute(
        "INSERT INTO users (username, email, password_hash, is_active) VALUES ('x', 'x@nowhere', 'x', false)"
    )
    with pytest.raises(errors.CheckViolation):
        migrator.execute("UPDATE users SET is_active = true WHERE username = 'x'")


def test_one_identity_is_one_user(migrator: psycopg.Connection) -> None:
    with pytest.raises(errors.UniqueViolation, match="auth_user_id"):
        migrator.execute(
            "INSERT INTO users (username, email, password_hash, auth_user_id) VALUES ('x', 'x@nowhere', 'x', %s)",
            [identity("pat")],
        )


def test_who_loses_their_identity_is_deactivated_and_keeps_their_history(migrator: psycopg.Connection) -> None:
    migrator.execute("DELETE FROM auth.users WHERE id = %s", [identity("pat")])
    assert one(migrator, "SELECT auth_user_id, is_active FROM users WHERE id = 5") == (None, False)
    assert one(migrator, "SELECT count(*) FROM document_comments WHERE user_id = 5") == (1,)


def test_current_user_id_answers_only_for_active_people(migrator: psycopg.Connection) -> None:
    def asked_by(claim: str) -> tuple[object, ...]:
        migrator.execute("SELECT set_config('request.jwt.claim.sub', %s, true)", [claim])
        return one(migrator, "SELECT current_user_id()")

    assert asked_by("") == (None,)
    assert asked_by(str(identity("eve"))) == (2,)
    migrator.execute("CREATE TEMP TABLE users (id integer, auth_user_id uuid, is_active boolean)")
    assert asked_by(str(identity("eve"))) == (2,)
    migrator.execute("UPDATE public.users SET is_active = false WHERE id = 2")
    assert asked_by(str(identity("eve"))) == (None,)


def test_cleanup_closes_what_has_expired_and_nothing_else(
    migrator: psycopg.Connection, worker: psycopg.Connection
) -> None:
    migrator.execute(
        """
        INSERT INTO editing_sessions (session_id, status, expires_at) VALUES
            ('over', 'active', now() - interval '1 minute'), ('done', 'completed', now() - interval '1 minute'),
            ('open', 'active', now() + interval '1 minute');
        INSERT INTO user_sessions (user_id, session_token, expires_at) VALUES (1, 'old', now() - interval '1 minute');
        INSERT INTO websocket_connections (connection_id, disconnected_at, last_heartbeat) VALUES
            ('left', now() - interval '25 hours', now()), ('vanished', NULL, now() - interval '25 hours'),
            ('recent', now() - interval '23 hours', now());
        INSERT INTO editing_locks (resource_type, resource_identifier, expires_at) VALUES
            ('section', 'late', now() - interval '1 minute'), ('section', 'held', now() + interval '1 minute');
        """
    )
    migrator.commit()
    # Another zone must not move the line.
    worker.execute("SET LOCAL timezone = 'Pacific/Auckland'")
    worker.execute("SELECT cleanup_expired_sessions()")
    sessions = "SELECT session_id, status FROM editing_sessions WHERE id <> 1000 ORDER BY 1"
    assert worker.execute(sessions.encode()).fetchall() == [
        ("done", "completed"),
        ("open", "active"),
        ("over", "expired"),
    ]
    assert one(worker, "SELECT count(*) FROM user_sessions WHERE user_id = 1") == (0,)
    connections = worker.execute("SELECT connection_id FROM websocket_connections ORDER BY 1").fetchall()
    assert connections == [("c1",), ("recent",)]
    released = "SELECT resource_identifier FROM editing_locks WHERE released_at IS NOT NULL"
    assert one(worker, released) == ("late",)


def test_the_monitoring_views_count_right(migrator: psycopg.Connection) -> None:
    for table in ("editing_sessions", "websocket_connections", "translation_memory", "ai_suggestions"):
        migrator.execute(f"DELETE FROM {table}".encode())
    migrator.execute(
        """
        INSERT INTO editing_sessions (session_id, status, collaborators, last_activity) VALUES
            ('a', 'active', '{1,2,3}', '2026-01-01'), ('b', 'active', '{}', '2026-01-02'),
            ('c', 'completed', '{1}', '2026-01-03');
        INSERT INTO websocket_connections (connection_id, connection_status, last_heartbeat) VALUES
            ('a', 'active', now() - interval '10 seconds'), ('b', 'active', now() - interval '20 seconds');
        INSERT INTO translation_memory (source_text, target_text, source_language, target_language, domain, usage_count,
            last_used) VALUES ('a', 'a', 'en', 'fr', 'hr', 1, '2026-01-01'), ('b', 'b', 'en', 'fr', 'hr', 4, NULL);
        INSERT INTO ai_suggestions (suggestion_type, original_text, suggested_text, status) VALUES
            ('style', 'a', 'a', 'accepted'), ('style', 'b', 'b', 'rejected'), ('style', 'c', 'c', 'pending');
        """
    )
    # (3 + 0) / 2: a session without collaborators counts.
    assert one(migrator, "SELECT * FROM active_editing_sessions") == (2, Decimal("1.5"), datetime(2026, 1, 2))  # noqa: DTZ001
    assert one(migrator, "SELECT * FROM websocket_connection_health") == ("active", 2, 15)
    utilised = ("hr", 2, Decimal("2.5"), datetime(2026, 1, 1))  # noqa: DTZ001
    assert one(migrator, "SELECT * FROM translation_memory_utilization") == utilised
    assert one(migrator, "SELECT * FROM ai_suggestion_acceptance") == ("style", 3, 1, Decimal("33.33"))


@pytest.mark.parametrize("table", [
    "job_descriptions", "users", "user_preferences", "document_comments", "translation_memory", "terminology_glossary",
    "approval_workflows",
])  # fmt: skip
def test_a_change_moves_updated_at_whatever_the_zone(migrator: psycopg.Connection, table: str) -> None:
    migrator.execute("SET LOCAL timezone = 'Pacific/Auckland'")
    migrator.execute(f"UPDATE {table} SET updated_at = '2000-01-01'".encode())
    assert one(migrator, f"SELECT DISTINCT updated_at = now() AT TIME ZONE 'UTC' FROM {table}") == (True,)


REPEATS = (
    "job_sections (job_id, section_type) VALUES (1001, 'general')",
    "content_chunks (job_id, chunk_text, chunk_index) VALUES (1001, 'a', 0)",
    "ai_suggestions (job_id, suggestion_type, original_text, suggested_text) VALUES (1000, 'style', 'a', 'b')",
    "compliance_checks (job_id, check_type, rule_name) VALUES (1000, 'policy', 'bias')",
    "sentence_alignments (translation_pair_id, source_sentence) VALUES (1000, 'alone')",
    "sentence_alignments (translation_pair_id, target_sentence, target_position_start) VALUES (1000, 'alone', 1)",
    "translation_memory (source_text, target_text, source_language, target_language) VALUES ('x', 'y', 'en', 'fr')",
    "terminology_glossary (term_source, term_target, source_language, target_language) VALUES ('x', 'y', 'en', 'fr')",
    "translation_pairs (source_job_id, target_job_id, source_language, target_language)"
    " VALUES (1001, 1000, 'fr', 'en')",
    "ai_usage_tracking (call_key) VALUES ('x')",
    "ai_usage_sessions (ai_provider, call_key) VALUES ('local', 'x')",
)


@pytest.mark.parametrize("row", REPEATS)
def test_what_a_worker_writes_twice_is_there_once(worker: psycopg.Connection, row: str) -> None:
    statement = f"INSERT INTO {row} ON CONFLICT DO NOTHING".encode()
    assert [worker.execute(statement).rowcount for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("row", [
    "user_permissions (user_id, resource_type, permission_type) VALUES (7, 'translation', 'read')",
    "approval_steps (approval_id, step_number) VALUES (1000, 3)",
])  # fmt: skip
def test_a_null_in_a_key_does_not_make_it_new(migrator: psycopg.Connection, row: str) -> None:
    migrator.execute(f"INSERT INTO {row}".encode())
    with pytest.raises(errors.UniqueViolation):
        migrator.execute(f"INSERT INTO {row}".encode())


def test_an_alignment_has_at_least_one_side(migrator: psycopg.Connection) -> None:
    with pytest.raises(errors.CheckViolation):
        migrator.execute("INSERT INTO sentence_alignments (translation_pair_id) VALUES (1000)")


def test_a_small_cost_is_not_rounded_away(worker: psycopg.Connection) -> None:
    assert one(
        worker,
        "INSERT INTO ai_usage_sessions (ai_provider, estimated_cost) VALUES ('x', 0.0000125) RETURNING estimated_cost",
    ) == (Decimal("0.00001250"),)


def test_a_session_and_a_description_with_everything_on_them_can_be_deleted(migrator: psycopg.Connection) -> None:
    migrator.execute("DELETE FROM editing_sessions WHERE session_id = 's1'")
    for table in ("document_comments", "ai_suggestions", "ai_usage_sessions", "compliance_checks"):
        assert one(migrator, f"SELECT DISTINCT session_id FROM {table}") == (None,)
    assert one(migrator, "SELECT count(*) FROM document_changes") == (0,)
    migrator.execute("DELETE FROM job_descriptions WHERE id = 1000")
    assert one(migrator, "SELECT count(*) FROM document_approvals") == (0,)


def test_vectors_come_back_as_they_were_written(world: TestDatabase) -> None:
    engine = create_engine(engine_url(world.migrator_url))
    with Session(engine) as session:
        session.add(ContentChunk(job_id=1001, chunk_index=9, embedding=[0.5] * 1536, embedding_model="local"))
        session.flush()
        assert session.scalar(select(ContentChunk.embedding).where(ContentChunk.chunk_index == 9)) == [0.5] * 1536
        session.rollback()
    engine.dispose()


def test_default_data_comes_once_and_covers_every_description(migrator: psycopg.Connection) -> None:
    migrator.execute(DEFAULT_DATA)
    migrator.execute(DEFAULT_DATA)
    assert one(migrator, "SELECT count(*), min(jsonb_array_length(steps)) FROM approval_workflows") == (1, 3)
    missing = "SELECT count(*) FROM job_descriptions WHERE id NOT IN (SELECT job_id FROM document_versions"
    assert one(migrator, f"{missing} WHERE version_number = '1.0.0' AND status = 'published')") == (0,)
    query = "SELECT content_snapshot, version_type, created_by FROM document_versions WHERE version_number = '1.0.0'"
    snapshot = {"title": "Analyst", "content": None, "sections": [{"type": "general", "content": "text"}]}
    assert one(migrator, f"{query} AND job_id = 1000") == (snapshot, "major", None)


def test_default_data_refuses_to_work_blind(migrator: psycopg.Connection) -> None:
    migrator.execute("DROP POLICY migrator_all ON job_descriptions")
    with pytest.raises(errors.RaiseException, match="row-level security hides"):
        migrator.execute(DEFAULT_DATA)


def test_a_database_with_phase_1_data_goes_down_and_up(world: TestDatabase, server_url: str) -> None:  # noqa: ARG001
    with new_database(server_url, template="dray_template") as made:
        migrate.downgrade(made.migrator_url, "0008")
        with psycopg.connect(made.migrator_url) as connection:
            before = one(connection, "SELECT count(*), min(id), max(id) FROM job_descriptions")
        migrate.upgrade(made.migrator_url)
        assert not [finding for finding in verify(made.migrator_url) if finding.is_difference]
        with psycopg.connect(made.migrator_url) as connection:
            assert one(connection, "SELECT count(*), min(id), max(id) FROM job_descriptions") == before
            versions = "SELECT count(*), min(job_id), max(job_id) FROM document_versions WHERE status = 'published'"
            assert one(connection, versions) == before
            assert before[0] != 0
