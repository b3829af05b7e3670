"""Role by table by command: who may do what to job descriptions, and who may not."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql

from tests.support.databases import TestDatabase, new_database
from tests.support.jd_world import PEOPLE, build_world, identity

INSIDERS = "ada eve tom pat wri app"
SEE = {
    "job_descriptions": (INSIDERS, "rex exp out"),
    "job_metadata": (INSIDERS, "rex exp out"),
    "job_sections": (INSIDERS, "rex exp out"),
    "content_chunks": (INSIDERS, "rex exp out"),
    "ai_usage_tracking": ("ada", "eve out"),
    "users": ("ada eve out", ""),
    "user_sessions": ("ada pat", "eve out"),
    "user_preferences": ("pat", "ada out"),
    "user_permissions": ("ada pat exp", "eve out"),
    "editing_sessions": ("ada eve wri", "pat exp out"),
    "document_changes": ("ada eve wri", "pat exp out"),
    "websocket_connections": ("ada eve", "wri out"),
    "editing_locks": ("ada eve wri", "pat out"),
    "document_comments": (INSIDERS, "rex exp out"),
    "translation_pairs": ("ada eve tom", "pat exp wri out"),
    "sentence_alignments": ("ada eve tom", "pat exp wri out"),
    "translation_memory": ("ada eve tom rex", "pat exp out"),
    "terminology_glossary": ("ada out", "nobody"),
    "translation_sessions": ("ada eve wri", "pat out"),
    "ai_suggestions": (INSIDERS, "rex exp out"),
    "ai_usage_sessions": ("ada pat", "eve out"),
    "compliance_checks": (INSIDERS, "rex exp out"),
    "approval_workflows": ("ada out", "nobody"),
    "document_approvals": (INSIDERS, "rex exp out"),
    "approval_steps": (INSIDERS, "rex exp out"),
    "document_versions": (INSIDERS, "rex exp out"),
    "usage_analytics": ("ada pat", "eve out"),
    "activity_logs": ("ada pat", "eve out"),
    "performance_metrics": ("ada", "eve out"),
    "system_health": ("ada", "eve out"),
}
NOBODY = "nobody"
# table, columns, values (%(me)s is the asker), who may, who may not
ADD = (
    ("job_descriptions", "title, created_by", "'New', %(me)s", "eve ada", "pat out"),
    ("job_metadata", "job_id", "1001", "eve ada", "wri out"),
    ("job_sections", "job_id, section_type", "1000, 'x'", "eve wri ada", "pat exp out"),
    ("user_preferences", "user_id, preference_key", "%(me)s, 'new'", "pat out", NOBODY),
    ("user_preferences", "user_id, preference_key", "5, 'new'", "pat", "ada out"),
    ("user_permissions", "user_id, resource_type, resource_id, permission_type, granted_by, expires_at",
     "7, 'job_description', 1000, 'approve', %(me)s, now() + interval '1 hour'", "app ada", "pat wri eve exp"),
    ("user_permissions", "user_id, resource_type, resource_id, permission_type, granted_by",
     "7, 'job_description', 1000, 'approve', %(me)s", "ada", "app"),
    ("user_permissions", "user_id, resource_type, resource_id, permission_type, granted_by, expires_at",
     "7, 'job_description', NULL, 'approve', %(me)s, now()", "ada", "app"),
    ("editing_sessions", "session_id, job_id, created_by", "'s2', 1000, %(me)s", "pat wri", "exp out"),
    ("editing_sessions", "session_id, job_id, created_by, collaborators", "'s2', 1000, %(me)s, '{7}'", "wri", "pat"),
    ("document_changes", "session_id, user_id, change_sequence, change_type, operation_data, position",
     "'s1', %(me)s, 2, 'insert', '{}', 0", "eve wri", "pat out"),
    ("websocket_connections", "session_id, user_id, connection_id", "'s1', %(me)s, 'c2'", "eve wri", "pat out"),
    ("editing_locks", "session_id, user_id, resource_type, resource_identifier", "'s1', %(me)s, 'section', 'x'",
     "eve wri", "pat out"),
    ("document_comments", "job_id, user_id, comment_text, parent_comment_id", "1000, %(me)s, 'x', 1000", "pat eve",
     "exp out"),
    ("document_comments", "job_id, user_id, comment_text, session_id", "1000, %(me)s, 'x', 's1'", "wri eve", "pat"),
    ("document_comments", "job_id, user_id, comment_text, parent_comment_id", "1001, %(me)s, 'x', 1000", NOBODY, "eve"),
    ("translation_pairs",
     "source_job_id, target_job_id, source_language, target_language, pair_type, translator_id",
     "1000, 1001, 'en', 'fr', 'hybrid', %(me)s", "tom eve", "pat out"),
    ("sentence_alignments", "translation_pair_id, source_sentence", "1000, 'alone'", "tom ada", "eve out"),
    ("translation_memory", "source_text, target_text, source_language, target_language, created_by",
     "'x', 'y', 'en', 'fr', %(me)s", "tom rex", "pat out"),
    ("terminology_glossary", "term_source, term_target, source_language, target_language, created_by",
     "'x', 'y', 'en', 'fr', %(me)s", "pat out", NOBODY),
    ("terminology_glossary",
     "term_source, term_target, source_language, target_language, created_by, approval_status",
     "'x', 'y', 'en', 'fr', %(me)s, 'approved'", "rex", "pat out"),
    ("translation_sessions", "session_id, translation_pair_id, translator_id", "'s1', 1000, %(me)s", "eve", "wri out"),
    ("ai_suggestions", "job_id, user_id, suggestion_type, original_text, suggested_text",
     "1000, %(me)s, 'style', 'a', 'b'", "pat eve", "exp out"),
    ("approval_workflows", "workflow_name, steps", "'x', '[]'", "ada", "eve out"),
    ("document_approvals", "job_id, submitted_by", "1000, %(me)s", "eve wri", "pat exp out"),
    ("document_approvals", "job_id, submitted_by, status", "1000, %(me)s, 'approved'", NOBODY, "eve"),
    ("approval_steps", "approval_id, step_number", "1000, 2", "eve ada", "wri out"),
    ("approval_steps", "approval_id, step_number, assigned_to", "1000, 2, %(me)s", NOBODY, "eve"),
    ("document_versions", "job_id, version_number, content_snapshot, created_by", "1000, '2.0.0', '{}', %(me)s",
     "eve wri", "pat exp out"),
    ("document_versions", "job_id, version_number, content_snapshot, created_by, status",
     "1000, '2.0.0', '{}', %(me)s, 'published'", NOBODY, "ada eve"),
    ("document_versions", "job_id, version_number, content_snapshot, created_by, approved_by",
     "1000, '2.0.0', '{}', %(me)s, 9", NOBODY, "ada eve"),
    ("usage_analytics", "user_id, action_type", "%(me)s, 'x'", "out", NOBODY),
    ("usage_analytics", "user_id, action_type", "5, 'x'", "pat", "ada out"),
    ("activity_logs", "user_id, action", "5, 'x'", "pat", "ada out"),
)  # fmt: skip
# table, assignment, who may, who may not
CHANGE = (
    ("users", "first_name = 'X'", "pat out", NOBODY),
    ("user_preferences", "preference_value = '1'", "pat", "ada out"),
    ("job_descriptions", "title = 'X'", "eve wri ada", "pat exp out"),
    ("job_metadata", "location = 'X'", "eve wri", "pat exp out"),
    ("job_sections", "section_content = 'X'", "eve wri", "pat exp out"),
    ("editing_sessions", "status = 'paused'", "eve wri ada", "pat out"),
    ("document_changes", "conflict_resolved = true", "eve wri", "pat out"),
    ("websocket_connections", "connection_status = 'idle'", "eve", "wri ada"),
    ("editing_locks", "released_at = now()", "eve", "wri out"),
    ("document_comments", "status = 'resolved'", "pat eve", "tom exp out"),
    ("translation_pairs", "status = 'review'", "tom ada", "eve pat out"),
    ("sentence_alignments", "quality_rating = 5", "tom ada", "eve pat out"),
    ("translation_memory", "usage_count = 1", "tom rex", "eve pat out"),
    ("terminology_glossary", "usage_notes = 'X'", "pat rex", "out"),
    ("translation_sessions", "human_overrides = 1", "eve", "wri out"),
    ("ai_suggestions", "status = 'accepted'", "pat eve", "tom exp out"),
    ("compliance_checks", "acknowledged_by = %(me)s", "eve wri", "pat exp out"),
    ("approval_workflows", "description = 'X'", "ada", "eve out"),
    ("document_approvals", "status = 'approved'", "app ada", "pat exp out"),
    ("document_approvals", "status = 'cancelled'", "eve", "wri"),
    ("approval_steps", "status = 'approved'", "app", "eve ada out"),
    ("document_versions", "changes_summary = 'X'", "eve app", "wri exp out"),
)
REMOVE = (
    ("user_sessions", "pat", "ada out"),
    ("user_preferences", "pat", "ada out"),
    ("user_permissions", "ada", "pat exp"),
    ("job_descriptions", "ada app", "eve wri exp out"),
    ("job_metadata", "eve wri", "pat exp"),
    ("job_sections", "eve wri", "pat exp"),
    ("editing_sessions", "eve ada", "wri out"),
    ("document_comments", "pat ada", "eve out"),
    ("translation_pairs", "ada", "tom out"),
    ("sentence_alignments", "tom ada", "eve out"),
    ("translation_memory", "ada", "tom rex"),
    ("terminology_glossary", "ada", "pat out"),
    ("approval_workflows", "ada", "eve out"),
)


@pytest.fixture(scope="module")
def world(server_url: str, template: str) -> Iterator[TestDatabase]:
    with new_database(server_url, template=template) as made:
        build_world(made.migrator_url)
        yield made


@pytest.fixture(scope="module")
def pool(world: TestDatabase) -> Iterator[psycopg.Connection]:
    """One connection that everybody uses in turn."""
    with psycopg.connect(world.api_url) as connection:
        yield connection


@pytest.fixture
def api(pool: psycopg.Connection) -> Iterator[psycopg.Connection]:
    yield pool
    pool.rollback()


def act(connection: psycopg.Connection, person: str) -> dict[str, int]:
    """Become one of the people for this transaction, who is nobody unless they are known."""
    connection.execute("SET LOCAL ROLE authenticated_users")
    if person in PEOPLE:
        connection.execute("SELECT set_config('request.jwt.claim.sub', %s, true)", [str(identity(person))])
    return {"me": PEOPLE.get(person, 0)}


def expand(*cases: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Each case once a person: (person, whether they may, the case's statement)."""
    return [
        (person, verdict, *case[:-2])
        for case in cases
        for verdict, people in zip(("may", "may not"), case[-2:], strict=True)
        for person in people.split()
        if not (person == NOBODY and verdict == "may")
    ]


@pytest.mark.parametrize(("person", "verdict", "table"), expand(*((t, *who) for t, who in SEE.items())))
def test_reading(api: psycopg.Connection, person: str, verdict: str, table: str) -> None:
    act(api, person)
    (count,) = api.execute(sql.SQL("SELECT count(id) FROM {}").format(sql.Identifier(table))).fetchone() or (0,)
    assert (count > 0) == (verdict == "may")


@pytest.mark.parametrize(("person", "verdict", "table", "columns", "values"), expand(*ADD))
def test_adding(api: psycopg.Connection, person: str, verdict: str, table: str, columns: str, values: str) -> None:
    me = act(api, person)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({values})".encode()
    if verdict == "may":
        assert api.execute(statement, me).rowcount == 1
    else:
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            api.execute(statement, me)


@pytest.mark.parametrize(("person", "verdict", "table", "change"), expand(*CHANGE))
def test_changing(api: psycopg.Connection, person: str, verdict: str, table: str, change: str) -> None:
    me = act(api, person)
    statement = f"UPDATE {table} SET {change}".encode()
    if verdict == "may":
        assert api.execute(statement, me).rowcount > 0
    else:
        assert changed_or_refused(api, statement, me) == 0


@pytest.mark.parametrize(("person", "verdict", "table"), expand(*REMOVE))
def test_removing(api: psycopg.Connection, person: str, verdict: str, table: str) -> None:
    me = act(api, person)
    where = "WHERE id NOT IN (SELECT workflow_id FROM document_approvals)" if table == "approval_workflows" else ""
    if where and verdict == "may":
        api.execute("INSERT INTO approval_workflows (workflow_name, steps) VALUES ('x', '[]')")
    count = changed_or_refused(api, f"DELETE FROM {table} {where}".encode(), me)
    assert (count > 0) == (verdict == "may")


def changed_or_refused(connection: psycopg.Connection, statement: bytes, me: dict[str, int]) -> int:
    """How many rows a statement touched; none when the database refused it."""
    try:
        return connection.execute(statement, me).rowcount
    except errors.InsufficientPrivilege:
        return 0


def test_every_policy_for_people_has_its_cases(world: TestDatabase) -> None:
    covered = {(table, "SELECT") for table in SEE}
    covered |= {(case[0], "INSERT") for case in ADD}
    covered |= {(case[0], "UPDATE") for case in CHANGE}
    covered |= {(case[0], "DELETE") for case in REMOVE}
    with psycopg.connect(world.migrator_url) as connection:
        policies = connection.execute(
            "SELECT tablename, cmd FROM pg_policies WHERE 'authenticated_users' = ANY (roles) AND tablename = ANY (%s)",
            [list(SEE)],
        ).fetchall()
    every = ("SELECT", "INSERT", "UPDATE", "DELETE")
    wanted = {(table, one) for table, cmd in policies for one in (every if cmd == "ALL" else (cmd,))}
    assert covered == wanted


def test_every_table_is_forced_and_no_policy_says_true_to_everyone(world: TestDatabase) -> None:
    with psycopg.connect(world.migrator_url) as connection:
        unforced = connection.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY (%s) AND relnamespace = 'public'::regnamespace"
            " AND NOT (relrowsecurity AND relforcerowsecurity)",
            [list(SEE)],
        ).fetchall()
        generous = connection.execute(
            "SELECT tablename, policyname FROM pg_policies WHERE (qual = 'true' OR with_check = 'true')"
            " AND roles && '{public,authenticated_users}'::name[]"
        ).fetchall()
    assert unforced == []
    assert generous == []


@pytest.mark.parametrize("statement", [
    "SELECT password_hash FROM users", "SELECT session_token FROM user_sessions", "UPDATE users SET role = 'admin'",
    "UPDATE users SET auth_user_id = NULL", "UPDATE editing_sessions SET job_id = 1001",
    "INSERT INTO content_chunks (job_id) VALUES (1000)", "UPDATE document_comments SET user_id = 1",
    "UPDATE translation_pairs SET reviewer_id = 7", "UPDATE translation_pairs SET translator_id = 7",
    "UPDATE translation_pairs SET source_job_id = 1001", "UPDATE document_versions SET created_by = 7",
    "UPDATE document_versions SET content_snapshot = '[]'", "UPDATE document_versions SET job_id = 1001",
    "INSERT INTO approval_steps (approval_id, step_number, delegated_to) VALUES (1000, 2, 1)",
    "INSERT INTO approval_steps (approval_id, step_number, decision_date) VALUES (1000, 2, now())",
    "INSERT INTO approval_steps (approval_id, step_number, comments) VALUES (1000, 2, 'fine')",
    "SELECT person_may(2, 1000, 'write')", "DELETE FROM activity_logs", "SELECT cleanup_expired_sessions()",
])  # fmt: skip
def test_what_no_person_may_not_even_an_admin(api: psycopg.Connection, statement: str) -> None:
    act(api, "ada")
    with pytest.raises(errors.InsufficientPrivilege, match="permission denied"):
        api.execute(statement.encode())


def test_the_next_user_of_a_connection_is_somebody_else(pool: psycopg.Connection) -> None:
    seen = []
    for person in ("pat", "nobody", "eve", "exp"):
        act(pool, person)
        seen.append(pool.execute("SELECT current_user_id()").fetchone())
        pool.commit()
    assert seen == [(5,), (None,), (2,), (6,)]


# Beside reading, which it may everywhere.
WORKER = {
    "INSERT": {
        "job_sections", "content_chunks", "ai_usage_tracking", "translation_pairs", "sentence_alignments",
        "translation_memory", "terminology_glossary", "ai_suggestions", "ai_usage_sessions", "compliance_checks",
        "usage_analytics", "performance_metrics", "activity_logs", "system_health",
    },
    "UPDATE": {
        "job_sections", "content_chunks", "editing_sessions", "editing_locks", "translation_pairs",
        "sentence_alignments", "translation_memory", "terminology_glossary", "translation_sessions", "ai_suggestions",
        "compliance_checks",
    },
    "DELETE": {
        "job_sections", "content_chunks", "user_sessions", "websocket_connections", "sentence_alignments",
        "translation_memory", "compliance_checks", "usage_analytics", "performance_metrics", "activity_logs",
        "system_health", "ai_usage_tracking",
    },
}  # fmt: skip


@pytest.mark.parametrize("table", SEE)
def test_what_a_worker_may(world: TestDatabase, table: str) -> None:
    commands = {
        "SELECT": f"SELECT id FROM {table}",
        "INSERT": f"INSERT INTO {table} SELECT * FROM {table} WHERE false",
        "UPDATE": f"UPDATE {table} SET id = id",
        "DELETE": f"DELETE FROM {table}",
    }
    if table in {"translation_memory", "sentence_alignments", "ai_suggestions", "compliance_checks", "content_chunks"}:
        # Generated columns can't be given.
        commands["INSERT"] = f"INSERT INTO {table} (id) SELECT id FROM {table} WHERE false"
    with psycopg.connect(world.worker_url) as connection:
        for command, statement in commands.items():
            may = command == "SELECT" or table in WORKER[command]
            if may:
                # FORCE without a policy would quietly touch no row.
                assert connection.execute(statement.encode()).rowcount > 0 or command == "INSERT", command
            else:
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(statement.encode())
            connection.rollback()


def test_a_worker_reads_no_secret(world: TestDatabase) -> None:
    for statement in ("SELECT password_hash FROM users", "SELECT session_token FROM user_sessions"):
        with psycopg.connect(world.worker_url) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement.encode())


@pytest.fixture
def scene(world: TestDatabase) -> Iterator[psycopg.Connection]:
    """A superuser, who prepares a scene and then becomes anybody in it; nothing of it stays."""
    with psycopg.connect(world.admin_url) as connection:
        yield connection
        connection.rollback()


def permit(connection: psycopg.Connection, person: str, kind: str, *jobs: int) -> None:
    """Give one of the people a permission, from outside."""
    connection.execute("RESET ROLE")
    connection.execute(
        "INSERT INTO user_permissions (user_id, resource_type, resource_id, permission_type)"
        " SELECT %s, 'job_description', job, %s FROM unnest(%s::integer[]) AS job",
        [PEOPLE[person], kind, list(jobs)],
    )


def expire(connection: psycopg.Connection, person: str) -> None:
    """Let all their permissions have ended."""
    connection.execute("RESET ROLE")
    connection.execute(
        "UPDATE user_permissions SET expires_at = now() - interval '1 hour' WHERE user_id = %s", [PEOPLE[person]]
    )


def reads(connection: psycopg.Connection, person: str, table: str = "job_descriptions") -> int:
    """How many rows one of the people sees."""
    act(connection, person)
    (count,) = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone() or (0,)
    return int(count)


def open_session(connection: psycopg.Connection, person: str, collaborators: str) -> None:
    me = act(connection, person)
    connection.execute(
        "INSERT INTO editing_sessions (session_id, job_id, created_by, collaborators) VALUES ('s2', 1000, %s, %s)",
        [me["me"], collaborators],
    )


def test_a_reader_brings_nobody_into_their_session(scene: psycopg.Connection) -> None:
    open_session(scene, "pat", "{}")
    assert scene.execute("UPDATE editing_sessions SET collaborators = '{5}', last_activity = now()").rowcount == 1
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"), scene.transaction():
        scene.execute("UPDATE editing_sessions SET collaborators = '{7}'")
    assert reads(scene, "out") == 0


@pytest.mark.parametrize("collaborators", ["{}", "{5}"])
def test_a_session_of_ones_own_does_not_outlive_the_permission(scene: psycopg.Connection, collaborators: str) -> None:
    open_session(scene, "pat", collaborators)
    assert reads(scene, "pat") == 1
    expire(scene, "pat")
    assert reads(scene, "pat") == 0
    assert reads(scene, "pat", "editing_sessions") == 0


def test_collaborators_read_while_the_one_who_opened_the_session_may_write(scene: psycopg.Connection) -> None:
    open_session(scene, "wri", "{7}")
    assert (reads(scene, "out"), reads(scene, "out", "editing_sessions")) == (1, 1)
    expire(scene, "wri")
    assert (reads(scene, "out"), reads(scene, "out", "editing_sessions")) == (0, 0)


def test_collaborators_of_the_deactivated_read_nothing(scene: psycopg.Connection) -> None:
    open_session(scene, "wri", "{7}")
    scene.execute("RESET ROLE")
    scene.execute("UPDATE users SET is_active = false WHERE id = 8")
    assert reads(scene, "out") == 0


def test_a_pair_of_ones_own_does_not_outlive_the_permission(scene: psycopg.Connection) -> None:
    assert (reads(scene, "tom"), reads(scene, "tom", "translation_pairs")) == (2, 1)
    expire(scene, "tom")
    assert (reads(scene, "tom"), reads(scene, "tom", "translation_pairs")) == (0, 0)
    assert reads(scene, "tom", "sentence_alignments") == 0
    with pytest.raises(errors.InsufficientPrivilege):
        scene.execute("INSERT INTO sentence_alignments (translation_pair_id, source_sentence) VALUES (1000, 'b')")


def test_a_reviewer_reads_while_the_translator_may_write(scene: psycopg.Connection) -> None:
    me = act(scene, "tom")
    scene.execute(
        "INSERT INTO translation_pairs (source_job_id, target_job_id, source_language, target_language, pair_type,"
        " translator_id, reviewer_id) VALUES (1000, 1001, 'en', 'fr', 'hybrid', %(me)s, 7)",
        me,
    )
    assert reads(scene, "out") == 0
    permit(scene, "tom", "write", 1000)
    assert reads(scene, "out") == 0
    permit(scene, "tom", "write", 1001)
    assert (reads(scene, "out"), reads(scene, "out", "translation_pairs")) == (2, 2)
    expire(scene, "tom")
    assert (reads(scene, "out"), reads(scene, "out", "translation_pairs")) == (0, 0)


def test_an_approver_delegates_but_never_to_the_submitter(scene: psycopg.Connection) -> None:
    act(scene, "app")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"), scene.transaction():
        scene.execute("UPDATE approval_steps SET delegated_to = 2")
    assert scene.execute("UPDATE approval_steps SET delegated_to = 4").rowcount == 1
    act(scene, "rex")
    assert scene.execute("UPDATE approval_steps SET status = 'approved'").rowcount == 1


@pytest.mark.parametrize("column", ["assigned_to", "delegated_to"])
def test_a_submitter_decides_on_no_step(scene: psycopg.Connection, column: str) -> None:
    scene.execute(
        sql.SQL("INSERT INTO approval_steps (approval_id, step_number, {}) VALUES (1000, 2, 2)").format(
            sql.Identifier(column)
        )
    )
    act(scene, "eve")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        scene.execute("UPDATE approval_steps SET status = 'approved' WHERE step_number = 2")


def test_not_even_an_admin_makes_the_submitter_an_approver(scene: psycopg.Connection) -> None:
    act(scene, "ada")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        scene.execute("INSERT INTO approval_steps (approval_id, step_number, assigned_to) VALUES (1000, 2, 2)")


def test_an_approver_reads_while_the_submitter_may_write(scene: psycopg.Connection) -> None:
    me = act(scene, "wri")
    scene.execute("INSERT INTO document_approvals (id, job_id, submitted_by) VALUES (2000, 1000, %(me)s)", me)
    scene.execute("INSERT INTO approval_steps (approval_id, step_number, assigned_to) VALUES (2000, 1, 7)")
    assert reads(scene, "out") == 1
    expire(scene, "wri")
    assert reads(scene, "out") == 0
    act(scene, "wri")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        scene.execute("INSERT INTO approval_steps (approval_id, step_number, assigned_to) VALUES (2000, 2, 4)")


def test_nobody_publishes_their_own_version(scene: psycopg.Connection) -> None:
    permit(scene, "eve", "approve", 1000)
    publish = "UPDATE document_versions SET status = 'published', approved_by = %(me)s WHERE version_number = '1.1.0'"
    me = act(scene, "eve")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"), scene.transaction():
        scene.execute(publish, me)
    assert scene.execute("UPDATE document_versions SET changes_summary = 'X' WHERE created_by = 2").rowcount == 1
    me = act(scene, "app")
    assert scene.execute(publish, me).rowcount == 1
