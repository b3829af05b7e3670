"""Who may do what to the tables of the monthly reports: role by table by command, and the ways around it.

The people: the creator of project A; the author, a member of A whose rows the matrix tries; a plain member of A; an
outsider, who has a project of their own; and someone who didn't say who they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text

from db.session import Database
from tests.support.databases import TestDatabase, new_database

PEOPLE = {name: UUID(int=number) for number, name in enumerate(("creator", "author", "member", "outsider"), start=1)}
PROJECT, OTHERS_PROJECT, REPORT, OTHERS_REPORT, ROW = (UUID(int=number) for number in range(101, 106))
PUBLIC_TEMPLATE = UUID("e5f1d5fe-cf08-431b-882c-2df045c04ac7")
LATER, COMMENT, OTHERS_SIMULATION = (UUID(int=number) for number in range(106, 109))

CREATOR, AUTHOR = frozenset({"creator"}), frozenset({"author"})
MEMBERS = frozenset({"creator", "author", "member"})
ANYONE = MEMBERS | {"outsider"}
WORKER = frozenset({"worker"})
NOBODY: frozenset[str] = frozenset()
ROLES = (*PEOPLE, "nameless", "worker")
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Rule:
    """How to try a table, and who gets through with which command. `columns` and `values` make a row for `{me}`."""

    columns: str
    values: str
    changed: str
    select: frozenset[str]
    insert: frozenset[str]
    update: frozenset[str]
    delete: frozenset[str]
    where: str = f"id = '{ROW}'"

    def allowed(self, command: str) -> frozenset[str]:
        by_command = dict(zip(COMMANDS, (self.select, self.insert, self.update, self.delete), strict=True))
        return by_command[command]


def planned(columns: str, values: str, changed: str) -> Rule:
    """The rule of what a project is planned by: its members do everything, workers read."""
    return Rule(
        f"project_id, {columns}", f"'{PROJECT}', {values}", changed, MEMBERS | WORKER, MEMBERS, MEMBERS, MEMBERS
    )


RULES = {
    "projects": Rule(
        "name, created_by", "'new', {me}", "name", MEMBERS | WORKER, ANYONE, CREATOR, NOBODY, f"id = '{PROJECT}'"
    ),
    "project_members": Rule(
        "project_id, user_id",
        f"'{PROJECT}', '{PEOPLE['outsider']}'",
        "role",
        MEMBERS | WORKER,
        CREATOR,
        NOBODY,
        CREATOR,
        f"project_id = '{PROJECT}' AND user_id = '{PEOPLE['member']}'",
    ),
    "pmr_templates": Rule(
        "name, template_type, created_by", "'new', 'custom', {me}", "name", AUTHOR | WORKER, ANYONE, AUTHOR, AUTHOR
    ),
    "pmr_reports": Rule(
        "project_id, template_id, report_month, report_year, title, generated_by",
        f"'{PROJECT}', '{PUBLIC_TEMPLATE}', '2026-05-01', 2026, 'new', {{me}}",
        "title",
        MEMBERS | WORKER,
        MEMBERS | WORKER,
        CREATOR | AUTHOR | WORKER,
        NOBODY,
        f"id = '{REPORT}'",
    ),
    "ai_insights": Rule(
        "report_id, insight_type, category, title, content, confidence_score",
        f"'{REPORT}', 'alert', 'budget', 'new', 'content', 0.5",
        "user_feedback",
        MEMBERS | WORKER,
        WORKER,
        MEMBERS | WORKER,
        WORKER,
    ),
    "export_jobs": Rule(
        "report_id, export_format, requested_by",
        f"'{REPORT}', 'pdf', {{me}}",
        "file_size",
        AUTHOR | WORKER,
        MEMBERS,
        WORKER,
        NOBODY,
    ),
    "collaboration_sessions": Rule(
        "report_id, session_id", f"'{REPORT}', 'new'", "is_active", MEMBERS | WORKER, MEMBERS, MEMBERS | WORKER, MEMBERS
    ),
    "edit_sessions": Rule(
        "report_id, user_id", f"'{REPORT}', {{me}}", "is_active", AUTHOR | WORKER, MEMBERS, AUTHOR | WORKER, NOBODY
    ),
    "pmr_collaboration": Rule(
        "report_id, user_id, action_type",
        f"'{REPORT}', {{me}}, 'edit'",
        "section_id",
        MEMBERS | WORKER,
        MEMBERS,
        NOBODY,
        NOBODY,
    ),
    "pmr_comments": Rule(
        "report_id, user_id, user_name, section_id, content",
        f"'{REPORT}', {{me}}, 'name', 'budget', 'content'",
        "content",
        MEMBERS | WORKER,
        MEMBERS,
        AUTHOR,
        NOBODY,
    ),
    "pmr_change_events": Rule(
        "report_id, user_id, user_name, event_type",
        f"'{REPORT}', {{me}}, 'name', 'cursor_move'",
        "section_id",
        MEMBERS | WORKER,
        MEMBERS,
        NOBODY,
        NOBODY,
    ),
    "pmr_distribution_log": Rule(
        "report_id, distribution_method, recipient_type, recipient_identifier",
        f"'{REPORT}', 'email', 'external', 'someone@example.org'",
        "status",
        CREATOR | AUTHOR | WORKER,
        WORKER,
        WORKER,
        NOBODY,
    ),
    "risks": planned("title, category, probability, impact", "'new', 'technical', 0.5, 0.5", "title"),
    "milestones": planned("name, due_date", "'new', '2026-12-01'", "name"),
    "financial_tracking": planned("category, date_incurred", "'new', '2026-12-01'", "category"),
    "project_calendars": planned("name", "'new'", "name"),
    "calendar_exceptions": Rule(
        "calendar_id, start_date, end_date",
        f"'{ROW}', '2026-07-01', '2026-07-01'",
        "name",
        MEMBERS | WORKER,
        MEMBERS,
        MEMBERS,
        MEMBERS,
    ),
    "activities": planned(
        "code, name, optimistic_duration, most_likely_duration, pessimistic_duration", "'new', 'new', 1, 2, 3", "name"
    ),
    "activity_links": planned("predecessor_id, successor_id, link_type", f"'{ROW}', '{LATER}', 'SS'", "lag"),
    "cost_lines": planned(
        "code, name, optimistic_amount, most_likely_amount, pessimistic_amount", "'new', 'new', 1, 2, 3", "name"
    ),
    "monte_carlo_simulations": Rule(
        "user_id, project_id, name",
        f"{{me}}, '{PROJECT}', 'new'",
        "name",
        MEMBERS | WORKER,
        MEMBERS | WORKER,
        AUTHOR | WORKER,
        AUTHOR,
    ),
    "monte_carlo_scenarios": Rule(
        "simulation_id, name, created_by",
        f"'{ROW}', 'new', {{me}}",
        "results_data",
        MEMBERS | WORKER,
        MEMBERS,
        AUTHOR | WORKER,
        AUTHOR,
    ),
    "monte_carlo_risk_configs": Rule(
        "simulation_id, name, category, impact_type, distribution_type, distribution_parameters, baseline_impact",
        f"'{ROW}', 'new', 'technical', 'cost', 'triangular', '{{{{}}}}', 1",
        "name",
        MEMBERS | WORKER,
        AUTHOR | WORKER,
        AUTHOR,
        AUTHOR | WORKER,
    ),
    "monte_carlo_results": Rule(
        "simulation_id, result_type",
        f"'{ROW}', 'cost_outcomes'",
        "result_type",
        MEMBERS | WORKER,
        WORKER,
        NOBODY,
        WORKER,
    ),
    "monte_carlo_visualizations": Rule(
        "simulation_id, chart_type", f"'{ROW}', 'cdf'", "title", MEMBERS | WORKER, WORKER, NOBODY, WORKER
    ),
}
# In the order of the foreign keys; the rows that the matrix reads, changes and removes.
MADE_ROWS = [table for table in RULES if table not in {"projects", "project_members", "pmr_reports"}]


@pytest.fixture(scope="module")
def office(server_url: str, template: str) -> Iterator[TestDatabase]:
    """Two projects with a report each, and one row of every table that belongs to the author of the first."""
    with new_database(server_url, template=template) as made:
        with psycopg.connect(made.migrator_url) as db:
            for name, person in PEOPLE.items():
                db.execute("INSERT INTO auth.users (id, email) VALUES (%s, %s)", [person, f"{name}@example.org"])
            for project, creator in ((PROJECT, "creator"), (OTHERS_PROJECT, "outsider")):
                db.execute(
                    "INSERT INTO projects (id, name, created_by) VALUES (%s, 'p', %s)", [project, PEOPLE[creator]]
                )
            for name in ("author", "member"):
                db.execute("INSERT INTO project_members VALUES (%s, %s)", [PROJECT, PEOPLE[name]])
            for report, project, author in (
                (REPORT, PROJECT, "author"),
                (OTHERS_REPORT, OTHERS_PROJECT, "outsider"),
            ):
                db.execute(
                    "INSERT INTO pmr_reports (id, project_id, template_id, report_month, report_year, title,"
                    " generated_by) VALUES (%s, %s, %s, '2026-04-01', 2026, 'April', %s)",
                    [report, project, PUBLIC_TEMPLATE, PEOPLE[author]],
                )
            db.execute(
                f"INSERT INTO activities (id, {RULES['activities'].columns})"
                f" VALUES ('{LATER}', '{PROJECT}', 'later', 'later', 1, 2, 3)"
            )
            for table in MADE_ROWS:
                values = RULES[table].values.format(me=f"'{PEOPLE['author']}'").replace("'new'", "'old'")
                values = values.replace("'SS'", "'FS'").replace("2026-07", "2026-06")
                db.execute(f"INSERT INTO {table} (id, {RULES[table].columns}) VALUES ('{ROW}', {values})")
            db.execute(f"UPDATE pmr_comments SET comment_id = '{COMMENT}'")
            db.execute(
                f"INSERT INTO monte_carlo_simulations (id, user_id, name)"
                f" VALUES ('{OTHERS_SIMULATION}', '{PEOPLE['outsider']}', 'n')"
            )
        yield made


def attempt(office: TestDatabase, role: str, statement: str) -> int:
    """Run a statement as a role, undo it, and return how many rows it met; -1 where it was refused."""
    url = office.worker_url if role == "worker" else office.api_url
    with psycopg.connect(url) as connection:
        if role != "worker":
            connection.execute("SET LOCAL ROLE authenticated_users")
            connection.execute("SELECT set_config('request.jwt.claim.sub', %s, true)", [str(PEOPLE.get(role, ""))])
        try:
            return connection.execute(statement).rowcount
        except errors.InsufficientPrivilege:
            return -1
        finally:
            connection.rollback()


def statement_for(table: str, command: str, role: str) -> str:
    rule = RULES[table]
    if command == "INSERT":
        me = f"'{PEOPLE.get(role, PEOPLE['author'])}'"
        return f"INSERT INTO {table} ({rule.columns}) VALUES ({rule.values.format(me=me)})"
    if command == "UPDATE":
        return f"UPDATE {table} SET {rule.changed} = {rule.changed} WHERE {rule.where}"
    return f"{'SELECT * FROM' if command == 'SELECT' else 'DELETE FROM'} {table} WHERE {rule.where}"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("table", RULES)
def test_exactly_the_meant_roles_get_through(office: TestDatabase, table: str, command: str) -> None:
    through = {role for role in ROLES if attempt(office, role, statement_for(table, command, role)) > 0}
    assert through == RULES[table].allowed(command)


def test_the_matrix_has_a_case_for_and_against_every_policy(office: TestDatabase) -> None:
    with psycopg.connect(office.migrator_url) as db:
        policies = db.execute(
            "SELECT tablename, cmd, roles::text[] FROM pg_policies WHERE tablename = ANY (%s)", [list(RULES)]
        ).fetchall()
    for table, command, roles in policies:
        if roles == ["dray_migrator"]:
            continue
        allowed = RULES[table].allowed(command)
        assert allowed & ({"worker"} if roles == ["dray_worker"] else set(PEOPLE)), (table, command, roles)
        assert set(ROLES) - allowed, (table, command)


def test_every_table_is_secured_also_against_its_owner_and_opens_itself_to_no_one(office: TestDatabase) -> None:
    with psycopg.connect(office.migrator_url) as db:
        open_tables = db.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY (%s) AND NOT (relrowsecurity AND relforcerowsecurity)",
            [list(RULES)],
        ).fetchall()
        open_policies = db.execute(
            "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' AND (qual = 'true' OR"
            " with_check = 'true') AND roles && '{public,authenticated_users,dray_api}'::name[]"
        ).fetchall()
        assert (open_tables, open_policies) == ([], [])
        assert db.execute("SELECT count(*) FROM pmr_reports WHERE id = %s", [REPORT]).fetchone() == (1,)


REFUSED = {
    "a comment in another's name": (
        "member",
        "INSERT INTO pmr_comments (report_id, user_id, user_name, section_id, content)"
        f" VALUES ('{REPORT}', '{PEOPLE['author']}', 'n', 's', 'c')",
    ),
    "an answer to a comment on another report": (
        "outsider",
        "INSERT INTO pmr_comments (report_id, user_id, user_name, section_id, content, parent_comment_id)"
        f" VALUES ('{OTHERS_REPORT}', '{PEOPLE['outsider']}', 'n', 's', 'c', '{COMMENT}')",
    ),
    "an edit session on a report that one can't see": (
        "outsider",
        f"INSERT INTO edit_sessions (report_id, user_id) VALUES ('{REPORT}', '{PEOPLE['outsider']}')",
    ),
    "an event in a session of another report": (
        "outsider",
        "INSERT INTO pmr_change_events (report_id, user_id, user_name, event_type, session_id)"
        f" VALUES ('{OTHERS_REPORT}', '{PEOPLE['outsider']}', 'n', 'cursor_move', '{ROW}')",
    ),
    "an activity on another project's calendar": (
        "outsider",
        f"INSERT INTO activities ({RULES['activities'].columns}, calendar_id)"
        f" VALUES ('{OTHERS_PROJECT}', 'c', 'n', 1, 2, 3, '{ROW}')",
    ),
    "a report that shows another project's simulation": (
        "outsider",
        f"UPDATE pmr_reports SET monte_carlo_simulation_id = '{ROW}' WHERE id = '{OTHERS_REPORT}'",
    ),
    "a report by a private template": (
        "creator",
        f"INSERT INTO pmr_reports ({RULES['pmr_reports'].columns})"
        f" VALUES ('{PROJECT}', '{ROW}', '2026-05-01', 2026, 't', '{PEOPLE['creator']}')",
    ),
    "a report in another's name": (
        "member",
        f"INSERT INTO pmr_reports ({RULES['pmr_reports'].columns})"
        f" VALUES ('{PROJECT}', '{PUBLIC_TEMPLATE}', '2026-05-01', 2026, 't', '{PEOPLE['author']}')",
    ),
    "a template's usage": ("author", "UPDATE pmr_templates SET usage_count = 99"),
    "a report's project": ("author", f"UPDATE pmr_reports SET project_id = '{OTHERS_PROJECT}'"),
    "an insight's finding": ("author", "UPDATE ai_insights SET content = 'all is well'"),
    "a judgement in another's name": (
        "member",
        f"UPDATE ai_insights SET validation_status = 'validated', validated_by = '{PEOPLE['author']}'"
        f" WHERE id = '{ROW}'",
    ),
    "a simulation for another's project": (
        "outsider",
        "INSERT INTO monte_carlo_simulations (user_id, project_id, name)"
        f" VALUES ('{PEOPLE['outsider']}', '{PROJECT}', 'n')",
    ),
    "a model of a risk that one can't see": (
        "outsider",
        f"INSERT INTO monte_carlo_risk_configs ({RULES['monte_carlo_risk_configs'].columns}, risk_id)"
        f" VALUES ('{OTHERS_SIMULATION}', 'n', 'c', 'cost', 'pert', '{{}}', 1, '{ROW}')",
    ),
    "membership for oneself": (
        "outsider",
        f"INSERT INTO project_members VALUES ('{PROJECT}', '{PEOPLE['outsider']}')",
    ),
    "maintenance by a person": ("creator", "SELECT * FROM pmr_maintenance_job()"),
    "the export's status by a worker": ("worker", "UPDATE export_jobs SET status = 'processing'"),
    "the addresses of everyone": ("creator", "SELECT email FROM auth.users"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(office: TestDatabase, case: str) -> None:
    role, statement = REFUSED[case]
    assert attempt(office, role, statement) == -1


def test_what_was_just_made_can_be_returned(office: TestDatabase) -> None:
    made = f"INSERT INTO projects (name, created_by) VALUES ('n', '{PEOPLE['member']}') RETURNING id"
    assert attempt(office, "member", made) == 1


def test_two_people_in_turn_on_one_connection_see_their_own(office: TestDatabase) -> None:
    database = Database(office.api_url, application_name="test", pool_size=1)
    query = text("SELECT array_agg(DISTINCT user_id) FROM active_edit_sessions")
    for name, seen in (("author", [PEOPLE["author"]]), ("member", None), ("outsider", None)):
        with database.transaction(acting_as=PEOPLE[name]) as session:
            assert session.scalar(query) == seen
            session.commit()
            assert session.scalar(query) == seen
    database.close()


@pytest.mark.parametrize(
    ("view", "person", "rows"),
    [
        ("pmr_dashboard_summary", "member", 1),
        ("pmr_dashboard_summary", "outsider", 1),
        ("active_edit_sessions", "author", 1),
        ("active_edit_sessions", "creator", 0),
        ("active_collaboration_sessions", "member", 1),
        ("active_collaboration_sessions", "outsider", 0),
        ("export_jobs_status", "author", 1),
        ("export_jobs_status", "creator", 0),
        ("ai_insights_performance", "member", 1),
        ("ai_insights_performance", "outsider", 0),
        ("report_collaboration_activity", "member", 1),
        ("report_collaboration_activity", "outsider", 0),
        ("pmr_template_analytics", "author", 3),
        ("pmr_template_analytics", "outsider", 2),
    ],
)
def test_a_view_shows_what_its_tables_would(office: TestDatabase, view: str, person: str, rows: int) -> None:
    assert attempt(office, person, f"SELECT * FROM {view}") == rows


@pytest.mark.parametrize(("person", "seen"), [("author", "author@example.org"), ("member", None), ("creator", None)])
def test_views_show_nobody_elses_address(office: TestDatabase, person: str, seen: str | None) -> None:
    database = Database(office.api_url, application_name="test", pool_size=1)
    with database.transaction(acting_as=PEOPLE[person]) as session:
        assert session.scalars(text("SELECT user_email FROM report_collaboration_activity")).all() == [seen]
    database.close()
