"""The functions, triggers and views of the monthly reports, with answers worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.support.databases import TestDatabase

PERSON, PROJECT, TEMPLATE, OLD, REPORT = (UUID(int=number) for number in range(201, 206))
Connection = psycopg.Connection[Any]


@pytest.fixture
def db(shared_database: TestDatabase) -> Iterator[Connection]:
    """The owner's connection with one project, one template and two reports; undone at the end."""
    with psycopg.connect(shared_database.migrator_url) as connection:
        connection.execute("INSERT INTO auth.users (id, email) VALUES (%s, 'p@example.org')", [PERSON])
        connection.execute("INSERT INTO projects (id, name, created_by) VALUES (%s, 'Lock', %s)", [PROJECT, PERSON])
        connection.execute(
            "INSERT INTO pmr_templates (id, name, template_type) VALUES (%s, 'Mine', 'custom')", [TEMPLATE]
        )
        connection.execute(
            "INSERT INTO pmr_reports (id, project_id, template_id, report_month, report_year, title, generated_by,"
            " last_modified) VALUES (%(old)s, %(project)s, %(template)s, '2025-12-01', 2025, 'December', %(person)s,"
            " '2026-01-01'), (%(report)s, %(project)s, %(template)s, '2026-01-01', 2026, 'January', %(person)s,"
            " '2026-01-01')",
            {"old": OLD, "report": REPORT, "project": PROJECT, "template": TEMPLATE, "person": PERSON},
        )
        yield connection
        connection.rollback()


def value(db: Connection, query: str, *parameters: Any) -> Any:
    row = db.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def rows(db: Connection, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return db.execute(query, parameters).fetchall()


def add_insight(db: Connection, category: str, priority: str, status: str, confidence: float, **more: Any) -> None:
    db.execute(
        "INSERT INTO ai_insights (report_id, insight_type, category, title, content, priority, validation_status,"
        " confidence_score, feedback_score, fingerprint) VALUES (%s, 'alert', %s, 't', 'c', %s, %s, %s, %s, %s)",
        [REPORT, category, priority, status, confidence, more.get("feedback"), more.get("fingerprint")],
    )


def add_export(db: Connection, status: str, *, export_format: str = "pdf", **columns: str) -> UUID:
    """Add a row that no run stands behind, in a state that only its insertion can give it."""
    columns = {
        "report_id": f"'{REPORT}'",
        "requested_by": f"'{PERSON}'",
        "export_format": f"'{export_format}'",
        "status": f"'{status}'",
        **columns,
    }
    names, values = ", ".join(columns), ", ".join(columns.values())
    made: UUID = value(db, f"INSERT INTO export_jobs ({names}) VALUES ({values}) RETURNING id")
    return made


# Functions


def test_the_latest_report_is_the_active_one_of_the_last_month(db: Connection) -> None:
    query = "SELECT report_id, title, status FROM get_latest_pmr_report(%s)"
    assert rows(db, query, PROJECT) == [(REPORT, "January", "draft")]
    db.execute("UPDATE pmr_reports SET is_active = false WHERE id = %s", [REPORT])
    assert rows(db, query, PROJECT) == [(OLD, "December", "draft")]
    assert rows(db, query, UUID(int=0)) == []


@pytest.mark.parametrize(
    ("summary", "insights", "simulated", "sections", "completeness"),
    [
        (None, [], None, [], "0.00"),
        (" \n", [], None, [], "0.00"),
        ("All is well.", [], None, [], "0.25"),
        ("All is well.", ["one"], {"p50": 1}, [{"content": "text"}], "1.00"),
        (None, {"not": "a list"}, {}, {"not": "a list"}, "0.00"),
        # Two of four sections say something: an object and a list, as text would.
        (None, [], None, [{"content": {"a": 1}}, {"content": ["b"]}, {"content": "  "}, {"content": {}}], "0.20"),
        (None, [], None, ["a bare string", {"content": 7}], "0.20"),
    ],
)
def test_completeness(
    db: Connection, summary: str | None, insights: Any, simulated: Any, sections: Any, completeness: str
) -> None:
    db.execute(
        "UPDATE pmr_reports SET executive_summary = %s, ai_generated_insights = %s, monte_carlo_analysis = %s,"
        " sections = %s WHERE id = %s",
        [summary, Jsonb(insights), None if simulated is None else Jsonb(simulated), Jsonb(sections), REPORT],
    )
    assert value(db, "SELECT calculate_pmr_completeness(%s)", REPORT) == Decimal(completeness)


def test_insights_of_the_table_count_unless_they_were_rejected(db: Connection) -> None:
    add_insight(db, "budget", "low", "rejected", 0.5)
    assert value(db, "SELECT calculate_pmr_completeness(%s)", REPORT) == 0
    add_insight(db, "budget", "low", "pending", 0.5)
    assert value(db, "SELECT calculate_pmr_completeness(%s)", REPORT) == Decimal("0.20")
    assert value(db, "SELECT calculate_pmr_completeness(%s)", UUID(int=0)) == 0


def add_edit_session(db: Connection, last_activity: str) -> UUID:
    made: UUID = value(
        db,
        "INSERT INTO edit_sessions (report_id, user_id, chat_messages, changes_made, last_activity)"
        f" VALUES (%s, %s, '[1, 2]', '[3]', {last_activity}) RETURNING id",
        REPORT,
        PERSON,
    )
    return made


def add_collaboration(db: Connection, name: str, last_activity: str = "now()", participants: Any = ()) -> UUID:
    made: UUID = value(
        db,
        "INSERT INTO collaboration_sessions (report_id, session_id, participants, session_timeout_minutes,"
        f" last_activity) VALUES (%s, %s, %s, 480, {last_activity}) RETURNING id",
        REPORT,
        name,
        Jsonb(list(participants)),
    )
    return made


def test_old_edit_sessions_end_when_they_were_last_used_and_are_emptied(db: Connection) -> None:
    old, young = add_edit_session(db, "now() - interval '31 days'"), add_edit_session(db, "now() - interval '29 days'")
    assert value(db, "SELECT cleanup_old_edit_sessions()") == 1
    query = "SELECT is_active, ended_at = last_activity, last_activity < now() - interval '30 days', chat_messages"
    assert rows(db, f"{query} FROM edit_sessions WHERE id = %s", old) == [(False, True, True, [])]
    assert rows(db, f"{query} FROM edit_sessions WHERE id = %s", young) == [(True, None, False, [1, 2])]


def test_old_collaboration_ends_after_the_hours_or_its_own_timeout(db: Connection) -> None:
    add_collaboration(db, "past its timeout", "now() - interval '9 hours'")
    add_collaboration(db, "in use", "now() - interval '7 hours'")
    assert value(db, "SELECT cleanup_old_collaboration_sessions(24)") == 1
    assert value(db, "SELECT cleanup_old_collaboration_sessions(6)") == 1
    assert value(db, "SELECT cleanup_old_collaboration_sessions(6)") == 0


def test_active_collaborators_are_those_online_and_nonsense_is_no_error(db: Connection) -> None:
    assert rows(db, "SELECT * FROM get_active_collaborators(%s)", REPORT) == []
    anna = {"user_id": str(PERSON), "user_name": "Anna", "role": "editor", "is_online": True, "current_section": "s1"}
    nonsense = {"user_id": "x", "user_name": "Bo", "role": "king", "is_online": True, "last_active": "now-ish"}
    away = {**anna, "user_name": "Away", "is_online": False}
    add_collaboration(db, "s", participants=[{**anna, "last_active": "2026-01-02T03:04:05Z"}, nonsense, away, 7])
    assert rows(
        db,
        "SELECT user_id, user_name, role, to_char(last_active AT TIME ZONE 'UTC', 'HH24:MI'), current_section"
        " FROM get_active_collaborators(%s)",
        REPORT,
    ) == [(PERSON, "Anna", "editor", "03:04", "s1"), (None, "Bo", None, None, None)]


def add_comment(db: Connection, content: str, parent: UUID | None = None, *, resolved: bool = False) -> UUID:
    made: UUID = value(
        db,
        "INSERT INTO pmr_comments (report_id, section_id, user_id, user_name, content, parent_comment_id, resolved)"
        " VALUES (%s, 'budget', %s, 'Anna', %s, %s, %s) RETURNING comment_id",
        REPORT,
        PERSON,
        content,
        parent,
        resolved,
    )
    return made


def test_unresolved_comments_are_threads_with_their_replies(db: Connection) -> None:
    thread = add_comment(db, "Why?")
    add_comment(db, "Because.", thread)
    add_comment(db, "Really?", thread)
    add_comment(db, "Done", resolved=True)
    query = "SELECT comment_id, content, reply_count FROM get_unresolved_comments(%s)"
    assert rows(db, query, REPORT) == [(thread, "Why?", 2)]


def test_insights_are_summed_by_category_the_critical_first(db: Connection) -> None:
    add_insight(db, "budget", "high", "validated", 0.8)
    add_insight(db, "budget", "low", "pending", 0.5)
    add_insight(db, "risk", "critical", "rejected", 0.9)
    assert rows(db, "SELECT * FROM get_ai_insights_summary(%s)", REPORT) == [
        ("risk", 1, 1, 0, 0, Decimal("0.90")),
        ("budget", 2, 0, 1, 1, Decimal("0.65")),
    ]


def test_only_distributed_reports_are_archived_and_once(db: Connection) -> None:
    db.execute(
        "UPDATE pmr_reports SET report_month = current_date - 400, status = CASE id WHEN %s THEN 'distributed'"
        " ELSE 'approved' END::pmr_status WHERE project_id = %s",
        [OLD, PROJECT],
    )
    assert value(db, "SELECT archive_old_pmr_reports(12)") == 1
    assert value(db, "SELECT archive_old_pmr_reports(12)") == 0
    assert value(db, "SELECT is_active FROM pmr_reports WHERE id = %s", OLD) is False


def test_export_statistics_leave_out_the_wait_and_what_has_not_ended(db: Connection) -> None:
    times = {"created_at": "now() - interval '1 hour'", "started_at": "now() - interval '30 seconds'"}
    add_export(db, "completed", **times, completed_at="now()")
    add_export(db, "completed", **times, completed_at="now() - interval '20 seconds'")
    add_export(db, "failed", **times)
    add_export(db, "processing", **times)
    add_export(db, "completed", export_format="word", created_at="now() - interval '31 days'")
    assert rows(db, "SELECT * FROM get_export_job_statistics()") == [
        ("pdf", 4, 2, 1, Decimal("20.000"), Decimal("66.67"))
    ]


def test_maintenance_reports_every_task_and_workers_may_run_it(database: TestDatabase, db: Connection) -> None:
    add_edit_session(db, "now() - interval '31 days'")
    query = "SELECT task, items_processed, execution_time_ms BETWEEN 0 AND 59999 FROM pmr_maintenance_job()"
    tasks = ("cleanup_edit_sessions", "cleanup_collaboration_sessions", "archive_old_reports")
    assert rows(db, query) == list(zip(tasks, (1, 0, 0), (True,) * 3, strict=True))
    with psycopg.connect(database.worker_url) as worker:
        assert rows(worker, query) == list(zip(tasks, (0, 0, 0), (True,) * 3, strict=True))


def test_milliseconds_do_not_begin_anew_each_minute(db: Connection) -> None:
    assert value(db, "SELECT milliseconds_since('2026-01-01 00:00:00Z', '2026-01-01 00:01:01.5Z')") == 61500


# Triggers


def test_every_table_with_updated_at_keeps_it(db: Connection) -> None:
    ours = (
        "projects|pmr_.*|ai_insights|export_jobs|.*_sessions|risks|milestones|financial_tracking|project_calendars"
        "|calendar_exceptions|activit.*|cost_lines|monte_carlo_.*"
    )
    assert (
        rows(
            db,
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'updated_at'"
            f" WHERE c.relkind = 'r' AND c.relname ~ '^({ours})$' AND c.relname <> 'editing_sessions' AND NOT EXISTS ("
            " SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid"
            " AND t.tgfoid = 'update_updated_at_column()'::regprocedure)"
            " AND relnamespace = 'public'::regnamespace AND c.relname !~ '^(user|translation|ai_usage)_'",
        )
        == []
    )
    db.execute("UPDATE projects SET updated_at = '2000-01-01'")
    assert value(db, "SELECT min(updated_at) = now() FROM projects") is True


def report_touched(db: Connection) -> bool:
    touched: bool = value(db, "SELECT last_modified = now() FROM pmr_reports WHERE id = %s", REPORT)
    db.execute("UPDATE pmr_reports SET last_modified = '2026-01-01'")
    return touched


def test_insights_comments_and_activity_touch_their_report(db: Connection) -> None:
    assert not report_touched(db)
    for change in (
        lambda: add_insight(db, "budget", "low", "pending", 0.5),
        lambda: db.execute("UPDATE ai_insights SET user_feedback = 'x' WHERE report_id = %s", [REPORT]),
        lambda: db.execute("DELETE FROM ai_insights WHERE report_id = %s", [REPORT]),
        lambda: add_comment(db, "c"),
        lambda: db.execute("UPDATE pmr_comments SET resolved = true"),
        lambda: db.execute("DELETE FROM pmr_comments"),
        lambda: log_actions(db, "view"),
        lambda: db.execute("UPDATE pmr_collaboration SET section_id = 's'"),
    ):
        change()
        assert report_touched(db)
    assert value(db, "SELECT last_modified < now() FROM pmr_reports WHERE id = %s", OLD) is True


def log_actions(db: Connection, *actions: str) -> None:
    db.execute(
        "INSERT INTO pmr_collaboration (report_id, user_id, action_type)"
        " SELECT %s, %s, action::collaboration_action_type FROM unnest(%s::text[]) AS a (action)",
        [REPORT, PERSON, list(actions)],
    )


def test_a_hundred_insights_touch_the_report_once(db: Connection) -> None:
    before = value(db, "SELECT pg_stat_get_xact_tuples_updated('pmr_reports'::regclass)")
    db.execute(
        "INSERT INTO ai_insights (report_id, insight_type, category, title, content, confidence_score)"
        " SELECT %s, 'alert', 'risk', 't', 'c', 0.5 FROM generate_series(1, 100)",
        [REPORT],
    )
    add_insight(db, "budget", "low", "pending", 0.5)
    assert value(db, "SELECT pg_stat_get_xact_tuples_updated('pmr_reports'::regclass)") == before + 1


def test_edits_and_the_use_of_templates_are_counted(db: Connection) -> None:
    assert value(db, "SELECT usage_count FROM pmr_templates WHERE id = %s", TEMPLATE) == 2
    log_actions(db, "edit", "view", "edit", "approve")
    assert rows(db, "SELECT id, total_edits FROM pmr_reports WHERE project_id = %s ORDER BY id", PROJECT) == [
        (OLD, 0),
        (REPORT, 2),
    ]


def test_using_a_session_is_activity_and_ending_it_is_not(db: Connection) -> None:
    for table, session, change in (
        ("edit_sessions", add_edit_session(db, "'2026-01-01'"), "active_section = 'budget'"),
        ("collaboration_sessions", add_collaboration(db, "s", "'2026-01-01'"), "max_participants = 5"),
    ):
        query = f"SELECT last_activity = now() FROM {table} WHERE id = %s"
        db.execute(f"UPDATE {table} SET is_active = false, ended_at = now() WHERE id = %s", [session])
        assert value(db, query, session) is False
        db.execute(f"UPDATE {table} SET is_active = true, {change} WHERE id = %s", [session])
        assert value(db, query, session) is True


ALLOWED = {("queued", "processing"), ("queued", "failed"), ("processing", "completed"), ("processing", "failed")}


@pytest.mark.parametrize("source", ["queued", "processing", "completed", "failed"])
@pytest.mark.parametrize("target", ["queued", "processing", "completed", "failed"])
def test_arrows_of_an_export_without_a_run(db: Connection, source: str, target: str) -> None:
    export = add_export(db, "failed" if source == "queued" else source)
    if source == "queued":
        db.execute("UPDATE export_jobs SET status = 'queued' WHERE id = %s", [export])
    change = "UPDATE export_jobs SET status = %s, file_url = 'elsewhere' WHERE id = %s"
    if source == target or (source, target) in {*ALLOWED, ("failed", "queued")}:
        assert db.execute(change, [target, export]).rowcount == 1
    else:
        with pytest.raises(errors.CheckViolation, match="cannot go"):
            db.execute(change, [target, export])


def test_a_completed_export_may_lose_its_file_and_keeps_large_sizes(db: Connection) -> None:
    export = add_export(db, "completed", file_url="'s3://x'", file_size="5000000000")
    db.execute("UPDATE export_jobs SET file_url = NULL WHERE id = %s", [export])
    assert rows(db, "SELECT status, file_url, file_size FROM export_jobs WHERE id = %s", export) == [
        ("completed", None, 5_000_000_000)
    ]


def test_an_inserted_export_becomes_a_run_and_follows_it_alone(db: Connection) -> None:
    export = add_export(db, "queued", export_options="'{\"include_charts\": false}'")
    assert rows(db, "SELECT kind, state::text, requested_by, args FROM task_runs WHERE id = %s", export) == [
        (
            "report.export",
            "available",
            PERSON,
            {"report_id": str(REPORT), "format": "pdf", "options": {"include_charts": False}},
        )
    ]
    assert value(db, "SELECT started_at FROM export_jobs WHERE id = %s", export) is None
    executing = "UPDATE task_runs SET state = 'executing', attempt = attempt + 1, lease_until = now() WHERE id = %s"
    lost = "UPDATE task_runs SET state = 'available', lease_until = NULL WHERE id = %s"
    for statement, status in (
        (executing, "processing"),
        (lost, "queued"),
        (executing, "processing"),
        ("UPDATE task_runs SET state = 'discarded', lease_until = NULL WHERE id = %s", "failed"),
        (lost, "queued"),
        (executing, "processing"),
        ("UPDATE task_runs SET state = 'completed', lease_until = NULL WHERE id = %s", "completed"),
    ):
        db.execute(statement, [export])
        assert value(db, "SELECT status FROM export_jobs WHERE id = %s", export) == status


def test_nobody_changes_the_status_past_the_run(db: Connection) -> None:
    export = add_export(db, "queued")
    with pytest.raises(errors.CheckViolation, match="its run says queued"):
        db.execute("UPDATE export_jobs SET status = 'processing' WHERE id = %s", [export])


# Natural keys


def test_an_insight_generated_again_replaces_itself(db: Connection) -> None:
    add_insight(db, "budget", "low", "pending", 0.5, fingerprint="overrun")
    db.execute(
        "INSERT INTO ai_insights (report_id, insight_type, category, title, content, confidence_score, fingerprint)"
        " VALUES (%s, 'alert', 'budget', 'new', 'c', 0.9, 'overrun')"
        " ON CONFLICT (report_id, fingerprint) DO UPDATE SET title = excluded.title",
        [REPORT],
    )
    assert rows(db, "SELECT title FROM ai_insights WHERE report_id = %s", REPORT) == [("new",)]
    add_insight(db, "budget", "low", "pending", 0.5)
    add_insight(db, "budget", "low", "pending", 0.5)


def test_a_report_is_sent_once_under_a_key(db: Connection) -> None:
    send = (
        "INSERT INTO pmr_distribution_log (report_id, distribution_method, recipient_type, recipient_identifier,"
        " dedupe_key) VALUES (%s, 'email', 'external', 'a@example.org', %s) ON CONFLICT DO NOTHING"
    )
    assert [db.execute(send, [REPORT, key]).rowcount for key in ("run:a", "run:a", None, None)] == [1, 0, 1, 1]


def test_two_reports_without_a_version_are_the_same_report(db: Connection) -> None:
    again = (
        "INSERT INTO pmr_reports (project_id, template_id, report_month, report_year, title, generated_by, version)"
        " VALUES (%s, %s, '2031-01-01', 2031, 't', %s, NULL)"
    )
    db.execute(again, [PROJECT, TEMPLATE, PERSON])
    with pytest.raises(errors.UniqueViolation):
        db.execute(again, [PROJECT, TEMPLATE, PERSON])


@pytest.mark.parametrize(
    ("successor", "project", "error"),
    [(1, 1, errors.CheckViolation), (3, 1, errors.ForeignKeyViolation), (2, 1, errors.UniqueViolation)],
)
def test_links_stay_in_their_project_and_say_nothing_twice(
    db: Connection, successor: int, project: int, error: type[Exception]
) -> None:
    other = value(db, "INSERT INTO projects (name) VALUES ('other') RETURNING id")
    projects = {1: PROJECT, 2: other}
    for number, owner in ((1, 1), (2, 1), (3, 2)):
        db.execute(
            "INSERT INTO activities (id, project_id, code, name, optimistic_duration, most_likely_duration,"
            " pessimistic_duration) VALUES (%s, %s, %s, 'n', 1, 2, 3)",
            [UUID(int=number), projects[owner], str(number)],
        )
    link = "INSERT INTO activity_links (project_id, predecessor_id, successor_id, link_type) VALUES (%s, %s, %s, 'FS')"
    db.execute(link, [PROJECT, UUID(int=1), UUID(int=2)])
    with pytest.raises(error):
        db.execute(link, [projects[project], UUID(int=1), UUID(int=successor)])


def test_a_deleted_simulation_leaves_the_report(db: Connection) -> None:
    made = value(db, "INSERT INTO monte_carlo_simulations (user_id, name) VALUES (%s, 'n') RETURNING id", PERSON)
    db.execute("UPDATE pmr_reports SET monte_carlo_simulation_id = %s WHERE id = %s", [made, REPORT])
    db.execute("DELETE FROM monte_carlo_simulations WHERE id = %s", [made])
    assert value(db, "SELECT monte_carlo_simulation_id FROM pmr_reports WHERE id = %s", REPORT) is None


# Views


def test_the_dashboard(db: Connection) -> None:
    db.execute("UPDATE pmr_reports SET status = 'approved' WHERE id = %s", [OLD])
    add_insight(db, "budget", "critical", "pending", 0.5)
    add_insight(db, "budget", "low", "validated", 0.5)
    add_collaboration(db, "a", participants=[{}, {}])
    add_collaboration(db, "b", participants=[{}])
    query = (
        "SELECT report_id, latest_report_title, report_status, total_reports, draft_reports, approved_reports,"
        " template_name, template_type, total_insights, critical_insights, unvalidated_insights, active_sessions,"
        " total_collaborators FROM pmr_dashboard_summary WHERE project_id = %s"
    )
    expected = (REPORT, "January", "draft", 2, 1, 1, "Mine", "custom", 2, 1, 1, 2, 3)
    assert rows(db, query, PROJECT) == [expected]


def test_the_analytics_of_a_template(db: Connection) -> None:
    db.execute("UPDATE pmr_reports SET executive_summary = 'x' WHERE id = %s", [REPORT])
    db.execute("UPDATE pmr_reports SET generated_at = now() - interval '2 years' WHERE id = %s", [OLD])
    db.execute("UPDATE pmr_templates SET rating = 4.5 WHERE id = %s", [TEMPLATE])
    query = (
        "SELECT usage_count, reports_this_month, reports_this_year, avg_completion_score, total_ratings, avg_rating,"
        " creator_email FROM pmr_template_analytics WHERE template_id = %s"
    )
    # (0.25 + 0) / 2 = 0.125
    assert rows(db, query, TEMPLATE) == [(2, 1, 1, Decimal("0.13"), 1, Decimal("4.50"), None)]


def test_the_active_sessions(db: Connection) -> None:
    add_edit_session(db, "now() - interval '90 seconds'")
    ended = add_edit_session(db, "now()")
    db.execute("UPDATE edit_sessions SET is_active = false WHERE id = %s", [ended])
    add_collaboration(db, "s", "now() - interval '3 minutes'", [{}, {}])
    assert rows(
        db,
        "SELECT report_title, project_name, message_count, changes_count, minutes_since_activity"
        " FROM active_edit_sessions",
    ) == [("January", "Lock", 2, 1, Decimal("1.50"))]
    assert rows(
        db,
        "SELECT session_id, participant_count, active_editor_count, total_changes, total_comments,"
        " minutes_since_activity FROM active_collaboration_sessions",
    ) == [("s", 2, 0, 0, 0, Decimal("3.00"))]


def test_the_status_of_exports(db: Connection) -> None:
    export = add_export(db, "completed", started_at="now() - interval '6 minutes'", completed_at="now()")
    query = "SELECT report_title, project_name, status, processing_time_minutes, requester_email"
    assert rows(db, f"{query} FROM export_jobs_status WHERE job_id = %s", export) == [
        ("January", "Lock", "completed", Decimal("6.00"), None)
    ]


def test_the_performance_of_insights(db: Connection) -> None:
    add_insight(db, "budget", "critical", "validated", 0.5, feedback=4)
    add_insight(db, "budget", "high", "rejected", 0.6, feedback=1)
    add_insight(db, "budget", "low", "pending", 0.7)
    query = (
        "SELECT category, insight_type, total_insights, avg_confidence, validated_count, rejected_count,"
        " avg_feedback_score, high_priority_count FROM ai_insights_performance WHERE project_id = %s"
    )
    assert rows(db, query, PROJECT) == [("budget", "alert", 3, Decimal("0.60"), 1, 1, Decimal("2.50"), 2)]


def test_the_activity_on_a_report(db: Connection) -> None:
    log_actions(db, "edit")
    query = "SELECT report_title, project_name, user_id, user_email, action_type FROM report_collaboration_activity"
    assert rows(db, query) == [("January", "Lock", PERSON, None, "edit")]
    db.execute("SELECT set_config('request.jwt.claim.sub', %s, true)", [str(PERSON)])
    assert rows(db, query) == [("January", "Lock", PERSON, "p@example.org", "edit")]


# Default data


def test_the_default_templates(database: TestDatabase) -> None:
    with psycopg.connect(database.migrator_url) as db:
        found = rows(
            db,
            "SELECT name, template_type, jsonb_array_length(sections), jsonb_array_length(default_metrics),"
            " export_formats, is_public FROM pmr_templates ORDER BY name",
        )
    assert json.loads(json.dumps(found)) == [
        ["Executive Summary Template", "executive", 7, 6, ["pdf", "slides", "word"], True],
        ["Technical Project Report", "technical", 7, 6, ["pdf", "excel", "word"], True],
    ]
