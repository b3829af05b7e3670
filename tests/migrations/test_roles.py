from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.servers.postgres import binaries
from db.bootstrap import ROLES, prepare_server
from tests.support.databases import PASSWORDS, TestDatabase, new_database


def test_a_backup_holds_every_row_although_row_security_is_forced(database: TestDatabase) -> None:
    program = binaries() / "pg_dump"
    if not program.is_file():
        pytest.skip("this build of PostgreSQL comes without pg_dump")
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute("ALTER TABLE pmr_reports FORCE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE projects FORCE ROW LEVEL SECURITY")
    with psycopg.connect(database.url("dray_backup")) as connection:
        rows = connection.execute("SELECT id::text FROM pmr_reports").fetchall()
    done = subprocess.run(
        [program, "--no-owner", database.url("dray_backup")], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert rows
    assert all(row[0] in done.stdout for row in rows)


def test_a_backup_can_write_nothing(database: TestDatabase) -> None:
    with psycopg.connect(database.url("dray_backup"), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("DELETE FROM projects")
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM projects")


def test_the_maintainer_reindexes_and_analyses_but_reads_no_row(database: TestDatabase) -> None:
    with psycopg.connect(database.url("dray_maintainer"), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM projects")
        if connection.info.server_version < 170000:
            pytest.skip("before PostgreSQL 17 only an owner may REINDEX")
        connection.execute("REINDEX TABLE CONCURRENTLY projects")
        connection.execute("VACUUM (ANALYZE) pmr_reports")
        analysed = connection.execute(
            "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'pmr_reports'"
        ).fetchone()
    assert analysed == (True,)


def test_the_worker_owns_nothing(shared_database: TestDatabase) -> None:
    with psycopg.connect(shared_database.migrator_url) as connection:
        owned = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relowner <> 'dray_migrator'::regrole "
            "AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S', 'm', 'p') "
            "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e')"
        ).fetchall()
    assert owned == []


@pytest.mark.parametrize("role", [role.name for role in ROLES if role.login])
def test_every_role_that_logs_in_keeps_utc(shared_database: TestDatabase, role: str) -> None:
    with psycopg.connect(shared_database.url(role)) as connection:
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_several_databases_of_one_server_are_prepared_at_once(server_url: str, template: str) -> None:  # noqa: ARG001
    with ExitStack() as exits:
        made = [exits.enter_context(new_database(server_url)) for _ in range(3)]
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda one: prepare_server(one.admin_url, passwords=PASSWORDS), made))
        for one in made:
            with psycopg.connect(one.migrator_url) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_printed_grants_hold_no_password_and_do_the_same(server_url: str, template: str) -> None:  # noqa: ARG001
    printed = CliRunner().invoke(app, ["db", "grants"]).stdout
    assert not any(password in printed for password in PASSWORDS.values())
    environment = {f"{role.upper()}_PASSWORD": password for role, password in PASSWORDS.items()}
    with new_database(server_url) as made:
        done = subprocess.run(
            [binaries() / "psql", "-X", made.admin_url],
            check=False,
            capture_output=True,
            text=True,
            input=printed,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        with psycopg.connect(made.migrator_url) as connection:
            found = connection.execute("SELECT count(*) FROM pg_extension WHERE extname = 'vector'").fetchone()
        assert found == (1,)


def test_applying_grants_wants_its_passwords_from_the_environment(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.admin_url)
    refused = CliRunner().invoke(app, ["db", "grants", "--apply"])
    assert "DRAY_WORKER_PASSWORD" in str(refused.exception)
    for role, password in PASSWORDS.items():
        monkeypatch.setenv(f"{role.upper()}_PASSWORD", password)
    assert CliRunner().invoke(app, ["db", "grants", "--apply"]).exit_code == 0
