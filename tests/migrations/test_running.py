from __future__ import annotations

import os

import psycopg
import pytest

from db import migrate
from tests.support.databases import TestDatabase


def test_only_one_migration_runs_at_a_time(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "RUNNER_TIMEOUT", "100ms")
    with psycopg.connect(database.migrator_url) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [migrate.ADVISORY_LOCK])
        with pytest.raises(migrate.AnotherRunner, match="try again"):
            migrate.upgrade(database.migrator_url)
    migrate.upgrade(database.migrator_url)


def test_a_migration_does_not_wait_long_for_a_table_and_says_what_to_do(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "100ms")
    before = migrate.current_revision(database.migrator_url)
    with psycopg.connect(database.migrator_url) as other:
        other.execute("SELECT FROM projects")
        other.execute("SELECT FROM job_descriptions")
        with pytest.raises(migrate.TableInUse, match="pg_terminate_backend"):
            migrate.downgrade(database.migrator_url, "base")
    migrate.upgrade(database.migrator_url)
    assert migrate.current_revision(database.migrator_url) == before


def test_a_statement_that_takes_too_long_is_undone(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "STATEMENT_TIMEOUT", "1ms")
    with pytest.raises(migrate.TookTooLong, match="undone"):
        migrate.downgrade(database.migrator_url, "base")


@pytest.mark.parametrize("version", [16, 17])
def test_a_given_server_is_of_the_version_its_variable_says(version: int) -> None:
    name = f"DATABASE_URL_{version}"
    if not (url := os.environ.get(name)):
        pytest.skip(f"{name} names no server: no package brings PostgreSQL {version} with pgvector and pg_trgm")
    with psycopg.connect(url) as connection:
        assert connection.info.server_version // 10000 == version
