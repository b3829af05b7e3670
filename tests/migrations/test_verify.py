from __future__ import annotations

import json

import psycopg
import pytest
from typer.testing import CliRunner

from cli.main import app
from db import migrate
from db.bootstrap import prepare_database
from db.expected import read_expected
from db.verify import NotMigrated, extension_findings, snapshot, verify
from tests.support.databases import PASSWORDS, TestDatabase, new_database

RUNNER = CliRunner()
DAMAGES = {
    "dropped index": ("DROP INDEX idx_projects_manager", ("missing", "index", "idx_projects_manager")),
    "changed default": (
        "ALTER TABLE pmr_reports ALTER version SET DEFAULT 2",
        ("changed", "column", "pmr_reports.version"),
    ),
    "widened type": ("ALTER TABLE projects ALTER priority TYPE text", ("changed", "column", "projects.priority")),
    "dropped NOT NULL": ("ALTER TABLE projects ALTER name DROP NOT NULL", ("changed", "column", "projects.name")),
    "dropped policy": ("DROP POLICY own_requests ON export_jobs", ("missing", "policy", "export_jobs.own_requests")),
    "policy for everyone": (
        "ALTER POLICY own_requests ON export_jobs USING (true)",
        ("changed", "policy", "export_jobs.own_requests"),
    ),
    "disabled row security": ("ALTER TABLE projects DISABLE ROW LEVEL SECURITY", ("changed", "table", "projects")),
    "altered function": (
        "CREATE OR REPLACE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE "
        "SET search_path = pg_catalog AS 'SELECT gen_random_uuid()'",
        ("changed", "function", "uuid_v7()"),
    ),
    "lost search_path": (
        "ALTER FUNCTION owner_of_token(bytea) RESET search_path",
        ("changed", "function", "owner_of_token(bytea)"),
    ),
    "dropped trigger": (
        "DROP TRIGGER update_export_job ON task_runs",
        ("missing", "trigger", "task_runs.update_export_job"),
    ),
    "disabled trigger": (
        "ALTER TABLE task_runs DISABLE TRIGGER update_export_job",
        ("changed", "trigger", "task_runs.update_export_job"),
    ),
    "added column": ("ALTER TABLE projects ADD nickname text", ("extra", "column", "projects.nickname")),
    "added index": ("CREATE INDEX by_hand ON projects (name)", ("extra", "index", "by_hand")),
    "renamed enum value": (
        "ALTER TYPE export_format RENAME VALUE 'slides' TO 'deck'",
        ("changed", "enum", "export_format"),
    ),
    "dropped constraint": (
        "ALTER TABLE export_jobs DROP CONSTRAINT export_jobs_file_size_check",
        ("missing", "constraint", "export_jobs.export_jobs_file_size_check"),
    ),
    "missing default row": (
        "DELETE FROM task_kinds WHERE name = 'report.export'",
        ("missing", "row", 'task_kinds: name="report.export"'),
    ),
    "changed default row": (
        "UPDATE task_kinds SET max_attempts = 99 WHERE name = 'report.export'",
        ("changed", "row", 'task_kinds: name="report.export"'),
    ),
    "revoked grant": (
        "REVOKE SELECT ON projects FROM dray_worker",
        ("missing", "grant", "projects to dray_worker"),
    ),
    "given grant": ("GRANT SELECT ON api_tokens TO dray_worker", ("extra", "grant", "api_tokens to dray_worker")),
    "renamed column of default rows": (
        "ALTER TABLE task_kinds RENAME queue TO line",
        ("missing", "column", "task_kinds.queue"),
    ),
    "dropped table": ("DROP TABLE job_metadata", ("missing", "table", "job_metadata")),
}


def differences(url: str) -> set[tuple[str, str, str]]:
    return {(found.state, found.kind, found.name) for found in verify(url) if found.is_difference}


def test_the_committed_snapshot_is_a_freshly_migrated_database(server_url: str, template: str) -> None:  # noqa: ARG001
    with new_database(server_url) as made:
        prepare_database(made.admin_url, passwords=PASSWORDS)
        found = json.loads(json.dumps(snapshot(made.migrator_url)))
        assert found == read_expected(), "the schema changed: run `dray db snapshot` and commit what it writes"
        assert differences(made.migrator_url) == set()
        migrate.downgrade(made.migrator_url, "base")
        with pytest.raises(NotMigrated):
            verify(made.migrator_url)
        migrate.upgrade(made.migrator_url)
        assert differences(made.migrator_url) == set()


def test_sample_data_is_no_difference(shared_database: TestDatabase) -> None:
    assert differences(shared_database.migrator_url) == set()


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_named(database: TestDatabase, damage: str) -> None:
    statement, wanted = DAMAGES[damage]
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute(statement)
    assert wanted in differences(database.migrator_url)


def test_a_changed_and_a_dropped_view_are_named(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(database.migrator_url, autocommit=True) as connection:
        connection.execute("CREATE VIEW busy WITH (security_invoker) AS SELECT id FROM projects WHERE NOT archived")
        connection.execute("CREATE VIEW quiet AS SELECT id FROM projects WHERE archived")
        made = snapshot(database.migrator_url)
        monkeypatch.setattr("db.verify.read_expected", lambda: made)
        connection.execute("CREATE OR REPLACE VIEW busy AS SELECT id FROM projects")
        connection.execute("DROP VIEW quiet")
    assert {("changed", "view", "busy"), ("missing", "view", "quiet")} <= differences(database.migrator_url)


def test_what_other_services_keep_beside_us_is_no_difference(database: TestDatabase) -> None:
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute("CREATE TABLE theirs (id integer PRIMARY KEY, name text UNIQUE)")
    assert differences(database.migrator_url) == set()
    assert ("note", "table", "theirs") in {(one.state, one.kind, one.name) for one in verify(database.migrator_url)}


def test_an_older_revision_is_named(database: TestDatabase) -> None:
    migrate.downgrade(database.migrator_url, "-1")
    assert ("changed", "revision", "alembic_version") in differences(database.migrator_url)


def test_extensions_are_judged_by_presence_and_version() -> None:
    found = {(one.state, one.name): one for one in extension_findings({"vector": "0.8.3"})}
    assert "text search" in found["missing", "pg_trgm"].expected
    assert "HNSW" in found["warning", "vector"].found
    assert "gen_random_uuid()" in found["note", "uuid-ossp"].found
    assert not any(one.state == "warning" for one in extension_findings({"vector": "0.8.4", "pg_trgm": "1.6"}))


def test_the_command_prints_a_table_and_says_by_its_exit_code(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.migrator_url)
    clean = RUNNER.invoke(app, ["db", "verify"])
    assert clean.exit_code == 0
    assert "Everything is as it must be." in clean.stdout
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute("DROP INDEX idx_projects_manager")
    broken = RUNNER.invoke(app, ["db", "verify"])
    assert broken.exit_code == 1
    assert "idx_projects_manager" in broken.stdout
    as_json = RUNNER.invoke(app, ["db", "verify", "--json"])
    assert as_json.exit_code == 1
    assert not json.loads(as_json.stdout)["clean"]
