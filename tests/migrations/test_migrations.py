from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from contracts.kinds import KINDS
from db import migrate
from db.bootstrap import ROLES, prepare_database
from db.models import Base
from db.seed import load_samples
from db.session import engine_url
from tests.support.databases import PASSWORDS, TestDatabase, new_database

REVISIONS = [script.revision for script in ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions()]


@pytest.fixture
def empty(server_url: str, template: str) -> Iterator[TestDatabase]:  # noqa: ARG001 - the template makes the roles
    with new_database(server_url) as made:
        prepare_database(made.admin_url, passwords=PASSWORDS)
        migrate.downgrade(made.migrator_url, "base")
        yield made


def catalogue(url: str) -> list[Any]:
    """What the schema consists of, as PostgreSQL tells it."""
    queries = (
        "SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 2",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1",
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass ORDER BY 1, 2",
        "SELECT tablename, policyname, cmd, roles::text, qual FROM pg_policies ORDER BY 1, 2",
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "AND proowner = 'dray_migrator'::regrole ORDER BY 1",
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
        "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 2, 3",
        "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e' ORDER BY 1",
    )
    with psycopg.connect(url) as connection:
        return [connection.execute(query).fetchall() for query in queries]


def test_models_and_migrations_describe_the_same_schema(shared_database: TestDatabase) -> None:
    def ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "schema" or name in (None, "auth")

    engine = create_engine(engine_url(shared_database.migrator_url))
    options = {
        "include_schemas": True,
        "include_name": ours,
        "compare_type": True,
        "compare_server_default": True,
    }
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
    engine.dispose()


def test_downgrading_to_nothing_leaves_nothing_of_ours(empty: TestDatabase) -> None:
    tables, *others = catalogue(empty.migrator_url)
    assert tables == []
    assert all(rows == [] for rows in others)


def test_up_down_and_up_again_is_the_same_schema(empty: TestDatabase) -> None:
    migrate.upgrade(empty.migrator_url)
    before = catalogue(empty.migrator_url)
    migrate.downgrade(empty.migrator_url, "base")
    migrate.upgrade(empty.migrator_url)
    assert catalogue(empty.migrator_url) == before


def test_every_single_step_can_be_taken_back_and_again(empty: TestDatabase) -> None:
    for revision in reversed(REVISIONS):
        migrate.upgrade(empty.migrator_url, revision)
        migrate.downgrade(empty.migrator_url, "-1")
        migrate.upgrade(empty.migrator_url, revision)
    assert migrate.current_revision(empty.migrator_url) == migrate.newest_revision()


def test_upgrading_and_seeding_again_change_nothing(database: TestDatabase) -> None:
    before = catalogue(database.migrator_url)
    prepare_database(database.admin_url, passwords=PASSWORDS)
    assert set(load_samples(database.migrator_url).values()) == {0}
    assert catalogue(database.migrator_url) == before


def test_the_database_knows_the_kinds_that_the_code_knows(session: Any) -> None:
    rows = session.execute(text("SELECT name, queue, max_attempts FROM task_kinds")).all()
    assert {tuple(row) for row in rows} == {(kind.name, kind.queue.value, kind.max_attempts) for kind in KINDS.values()}


def test_an_identity_schema_that_exists_already_is_left_as_it_is(server_url: str, template: str) -> None:  # noqa: ARG001
    with new_database(server_url) as made:
        with psycopg.connect(made.migrator_url) as connection:
            connection.execute("CREATE SCHEMA auth")
            connection.execute(
                "CREATE TABLE auth.users (id uuid PRIMARY KEY, email text UNIQUE, raw_user_meta_data jsonb,"
                " created_at timestamptz, theirs text)"
            )
            connection.execute("CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'")
        prepare_database(made.admin_url, passwords=PASSWORDS)
        with psycopg.connect(made.migrator_url) as connection:
            assert connection.execute("SELECT theirs FROM auth.users").fetchall() == []
            source = connection.execute("SELECT prosrc FROM pg_proc WHERE oid = 'auth.uid'::regproc").fetchone()
            assert source == ("SELECT NULL::uuid",)


def test_no_role_of_ours_is_a_superuser_and_only_backups_pass_by_row_security(server_url: str, template: str) -> None:  # noqa: ARG001
    with psycopg.connect(server_url) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = ANY (%s)",
            [[role.name for role in ROLES]],
        ).fetchall()
    assert sorted(rows) == sorted((role.name, False, role.name == "dray_backup", False) for role in ROLES)


def test_every_foreign_key_has_an_index(shared_database: TestDatabase) -> None:
    with psycopg.connect(shared_database.migrator_url) as connection:
        missing = connection.execute(
            """
            SELECT conrelid::regclass::text, pg_get_constraintdef(c.oid) FROM pg_constraint c
            WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND NOT EXISTS (
                SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
            )
            """
        ).fetchall()
    assert missing == []


def test_the_reports_of_an_office_survive_the_way_down_and_up(database: TestDatabase) -> None:
    kept = "SELECT id, title, template_id FROM pmr_reports ORDER BY id"
    with psycopg.connect(database.migrator_url) as connection:
        # As an office has it that uses a template nobody made, and exports that an integer can't measure.
        connection.execute("UPDATE pmr_templates SET created_by = NULL")
        connection.execute(
            "INSERT INTO export_jobs (report_id, export_format, requested_by, status, file_size)"
            " SELECT id, 'pdf', generated_by, 'completed', 5000000000 FROM pmr_reports"
        )
        before = connection.execute(kept).fetchall()
    migrate.downgrade(database.migrator_url, "0008")
    with psycopg.connect(database.migrator_url) as connection:
        assert connection.execute(kept).fetchall() == before
    migrate.upgrade(database.migrator_url)
    with psycopg.connect(database.migrator_url) as connection:
        assert connection.execute(kept).fetchall() == before
        names = connection.execute("SELECT name FROM pmr_templates ORDER BY name").fetchall()
    assert names == [("Executive Summary Template",), ("Technical Project Report",)]


def test_the_way_back_leaves_exactly_what_was_there(empty: TestDatabase) -> None:
    columns = "SELECT table_name, column_name, grantee, privilege_type FROM information_schema.column_privileges"
    query = f"{columns} WHERE table_schema = 'public' ORDER BY 1, 2, 3, 4"

    def granted() -> list[Any]:
        with psycopg.connect(empty.migrator_url) as connection:
            return connection.execute(query).fetchall()

    migrate.upgrade(empty.migrator_url, "0008")
    before, granted_before = catalogue(empty.migrator_url), granted()
    migrate.upgrade(empty.migrator_url)
    migrate.downgrade(empty.migrator_url, "0008")
    assert catalogue(empty.migrator_url) == before
    assert granted() == granted_before


def test_no_index_says_what_another_says(shared_database: TestDatabase) -> None:
    with psycopg.connect(shared_database.migrator_url) as connection:
        doubled = connection.execute(
            "SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text FROM pg_index a JOIN pg_index b"
            " ON a.indrelid = b.indrelid AND a.indexrelid < b.indexrelid AND a.indkey::text = b.indkey::text"
            " AND a.indclass::text = b.indclass::text AND a.indoption::text = b.indoption::text"
            " AND pg_get_expr(a.indpred, a.indrelid) IS NOT DISTINCT FROM pg_get_expr(b.indpred, b.indrelid)"
            " AND pg_get_expr(a.indexprs, a.indrelid) IS NOT DISTINCT FROM pg_get_expr(b.indexprs, b.indrelid)"
        ).fetchall()
    assert doubled == []


OURS = "pronamespace = 'public'::regnamespace AND proowner = 'dray_migrator'::regrole"


def test_no_function_looks_into_pg_temp_first(shared_database: TestDatabase) -> None:
    query = f"""
        SELECT oid::regprocedure::text, proconfig FROM pg_proc
        WHERE ({OURS} OR oid = to_regprocedure('auth.uid()'))
          AND NOT EXISTS (SELECT FROM unnest(proconfig) AS c WHERE c ~ '^search_path=.*pg_temp$')
    """
    with psycopg.connect(shared_database.migrator_url) as connection:
        assert connection.execute(query.encode()).fetchall() == []


def test_what_runs_as_its_owner_is_not_for_everybody(shared_database: TestDatabase) -> None:
    with psycopg.connect(shared_database.migrator_url) as connection:
        open_to_all = connection.execute(
            f"SELECT oid::regprocedure::text FROM pg_proc WHERE {OURS} AND prosecdef"
            " AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))".encode()
        ).fetchall()
    assert open_to_all == []


def test_nobody_can_put_a_type_of_their_own_in_the_way(empty: TestDatabase) -> None:
    for role in ("dray_api", "dray_worker"):
        with psycopg.connect(empty.url(role)) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE DOMAIN pg_temp.uuid AS pg_catalog.uuid")
            connection.rollback()
