from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine

from db import migrate
from db.adopt import CannotAdopt, fits
from db.bootstrap import prepare_database, prepare_server
from db.catalogue import Catalogue, read_catalogue
from db.migrations.fitting import statements
from db.session import engine_url
from db.verify import verify
from tests.support.databases import PASSWORDS, TestDatabase, new_database

PERSON = "00000000-0000-0000-0000-00000000000a"
PROJECT = "00000000-0000-0000-0000-00000000000b"
# As an identity service and an earlier migration of the monthly reports left it.
AUTH = f"""
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email varchar(255), encrypted_password text, raw_user_meta_data jsonb);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
INSERT INTO auth.users VALUES ('{PERSON}', 'ana@example.test', 'theirs', '{{}}');
"""
EARLIER = f"""
CREATE TYPE project_status AS ENUM ('planning', 'active', 'completed', 'cancelled');
CREATE TYPE pmr_status AS ENUM ('draft', 'review', 'approved', 'distributed');
CREATE TABLE projects (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(100), status project_status,
    their_code text, budget numeric(12, 2));
INSERT INTO projects VALUES ('{PROJECT}', 'Bridge', 'active', 'CC-1', 12.5);
CREATE TABLE pmr_reports (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), project_id uuid NOT NULL REFERENCES projects,
    report_month date NOT NULL, title text NOT NULL, status pmr_status NOT NULL DEFAULT 'draft', version integer);
CREATE INDEX idx_pmr_reports_status ON pmr_reports (status);
CREATE FUNCTION uuid_v7() RETURNS text LANGUAGE sql AS 'SELECT ''old''';
"""
OWN = """
ALTER TABLE projects OWNER TO dray_migrator; ALTER TABLE pmr_reports OWNER TO dray_migrator;
ALTER TYPE project_status OWNER TO dray_migrator; ALTER TYPE pmr_status OWNER TO dray_migrator;
ALTER FUNCTION uuid_v7 OWNER TO dray_migrator;
"""


@pytest.fixture
def theirs(server_url: str, template: str) -> Iterator[TestDatabase]:  # noqa: ARG001 - the template makes the roles
    with new_database(server_url) as made:
        with psycopg.connect(made.admin_url) as connection:
            connection.execute(AUTH + EARLIER + OWN)
        prepare_server(made.admin_url, passwords=PASSWORDS)
        yield made


def structure(url: str) -> Catalogue:
    engine = create_engine(engine_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        return read_catalogue(connection)


def run(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def test_what_exists_is_kept_and_what_is_missing_is_made(theirs: TestDatabase) -> None:
    migrate.upgrade(theirs.migrator_url)
    with psycopg.connect(theirs.admin_url) as connection:
        project = connection.execute(
            "SELECT name, status, their_code, budget, currency, archived FROM projects"
        ).fetchone()
        columns = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'auth.users'::regclass AND attnum > 0 ORDER BY attnum"
        ).fetchall()
        source = connection.execute("SELECT prosrc FROM pg_proc WHERE oid = 'auth.uid'::regproc").fetchone()
    assert project is not None
    assert [str(value) for value in project] == ["Bridge", "active", "CC-1", "12.50", "CAD", "False"]
    assert [column[0] for column in columns] == ["id", "email", "encrypted_password", "raw_user_meta_data"]
    assert source == ("SELECT NULL::uuid",)


def test_an_adopted_database_differs_only_in_what_was_kept(theirs: TestDatabase) -> None:
    migrate.upgrade(theirs.migrator_url)
    found = {(one.state, one.name) for one in verify(theirs.migrator_url) if one.is_difference}
    assert found == {
        ("extra", "projects.their_code"),
        # text, which holds more than varchar(255); the views that show it follow
        ("changed", "pmr_reports.title"),
        ("changed", "active_collaboration_sessions.report_title"),
        ("changed", "active_edit_sessions.report_title"),
        ("changed", "export_jobs_status.report_title"),
        ("changed", "report_collaboration_activity.report_title"),
    }


def test_upgrading_an_adopted_database_again_changes_nothing(theirs: TestDatabase) -> None:
    migrate.upgrade(theirs.migrator_url)
    before = structure(theirs.migrator_url)
    prepare_database(theirs.admin_url, passwords=PASSWORDS)
    assert structure(theirs.migrator_url) == before


def test_everything_that_cannot_be_reconciled_is_named_and_nothing_changed(theirs: TestDatabase) -> None:
    run(
        theirs.admin_url,
        "DELETE FROM projects; ALTER TABLE projects ALTER name TYPE integer USING 1;"
        "ALTER TABLE projects ADD secret text NOT NULL;"
        "INSERT INTO projects (secret) VALUES ('');"
        "ALTER TYPE pmr_status ADD VALUE 'lost'; ALTER TABLE pmr_reports OWNER TO postgres;"
        "CREATE POLICY all_see ON projects USING (true)",
    )
    before = structure(theirs.migrator_url)
    with pytest.raises(CannotAdopt) as refused:
        migrate.upgrade(theirs.migrator_url)
    for reason in (
        "projects.name is integer, must be character varying(255)",
        "projects.name may not be null, but is in 1 rows",
        "projects.secret is unknown here and must be given",
        "type pmr_status has the unknown values ['lost']",
        "ALTER TABLE pmr_reports OWNER TO dray_migrator",
        "policy projects.all_see is unknown here",
    ):
        assert reason in str(refused.value)
    assert structure(theirs.migrator_url) == before


def test_what_only_the_server_can_refuse_leaves_nothing_behind_either(theirs: TestDatabase) -> None:
    run(
        theirs.admin_url,
        "INSERT INTO projects (name, budget) VALUES ('Other', 0); CREATE VIEW v AS SELECT name FROM projects",
    )
    run(theirs.admin_url, "UPDATE projects SET status = 'active'")
    before = structure(theirs.migrator_url)
    with pytest.raises(CannotAdopt, match="used by a view"):
        migrate.upgrade(theirs.migrator_url)
    after = structure(theirs.migrator_url)
    assert {kind for kind in before if before[kind] != after[kind]} <= {"enum"}


def test_a_database_of_job_descriptions_alone_is_adopted(server_url: str, template: str) -> None:  # noqa: ARG001
    with new_database(server_url) as made:
        run(
            made.migrator_url,
            "CREATE TABLE job_descriptions (id serial PRIMARY KEY, job_number varchar(20), title varchar(500),"
            " language varchar(2), created_at timestamp DEFAULT now(), UNIQUE (job_number, language));"
            "INSERT INTO job_descriptions (job_number, language) VALUES ('1', 'en'), ('1', 'fr')",
        )
        prepare_database(made.admin_url, passwords=PASSWORDS)
        assert not [one for one in verify(made.migrator_url) if one.is_difference]
        with psycopg.connect(made.migrator_url) as connection:
            assert connection.execute("SELECT id, language FROM job_descriptions").fetchall() == [(1, "en"), (2, "fr")]
            again = connection.execute("INSERT INTO job_descriptions (title) VALUES ('x') RETURNING id").fetchone()
            assert again == (3,)


def test_an_identity_schema_that_cannot_serve_is_named(server_url: str, template: str) -> None:  # noqa: ARG001
    with new_database(server_url) as made:
        run(made.admin_url, "CREATE SCHEMA auth; CREATE TABLE auth.users (id bigint, email text)")
        with pytest.raises(CannotAdopt) as refused:
            prepare_database(made.admin_url, passwords=PASSWORDS)
        for reason in ("auth.users.id is bigint", "auth.users.raw_user_meta_data is missing", "is not unique"):
            assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("narrow", "wide", "answer"),
    [
        ("integer", "bigint", True),
        ("bigint", "integer", False),
        ("character varying(100)", "character varying(255)", True),
        ("character varying(255)", "character varying(100)", False),
        ("character varying(255)", "text", True),
        ("numeric(12,2)", "numeric(15,2)", True),
        ("numeric(12,4)", "numeric(15,2)", False),
        ("numeric(15,2)", "numeric", True),
        ("uuid", "text", False),
        ("timestamp without time zone", "timestamp with time zone", False),
    ],
)
def test_types_widen_only_where_no_value_changes(narrow: str, wide: str, answer: bool) -> None:  # noqa: FBT001
    assert fits(narrow, wide) is answer


def test_a_script_is_split_at_its_own_semicolons_only() -> None:
    script = "SELECT 1; -- one; two\nDO $x$ BEGIN; 'a'; END $x$;\nSELECT ';', \"a;b\" /* ; */ - 1;\n"
    assert list(statements(script)) == ["SELECT 1", "DO $x$ BEGIN; 'a'; END $x$", "SELECT ';', \"a;b\"  - 1"]
