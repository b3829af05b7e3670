"""A database as it looks after a year of use, made by a few statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg

from tests.support.databases import TestDatabase

REPORTS = 500
ENGLISH = """
the employer shall review annual budget of each region person may apply to commission for leave within days after
decision public service employee minister must report in writing on any matter that concerns official languages
and rights under this act where board considers it appropriate no deputy head is authorized by regulation
"""
FRENCH = """
le employeur doit examiner budget annuel de chaque région personne peut demander à la commission un congé dans les
jours après décision fonction publique employé ministre fait rapport par écrit sur toute question qui touche
langues officielles et droits prévus loi où conseil estime indiqué aucun administrateur général autorisé règlement
"""


@dataclass(frozen=True)
class Scale:
    """How many rows of what."""

    memory: int
    embedded: int
    events: int
    others: int


# Twelve words chosen by the number's hash: varied, and the same each time.
SENTENCE = """(
    SELECT string_agg({words}[1 + get_byte(decode(md5(n::text), 'hex'), i) %% cardinality({words})], ' ' ORDER BY i)
    FROM generate_series(0, 11) AS i
) || ' ' || n"""
NUMBERS = "(SELECT array_agg(random() - 0.5) FROM generate_series(1, 1536) WHERE n <= %(embedded)s)::vector"
IDENTITY = "lpad(to_hex(n), 32, '0')::uuid"
REPORT = f"lpad(to_hex(1 + n %% {REPORTS}), 32, '0')::uuid"

# Keys rise with the rows and time does too, as in a table that grew.
STATEMENTS = (
    "SELECT setseed(0.5)",
    f"""
    INSERT INTO translation_memory (
        source_text, target_text, source_language, target_language, domain, quality_score, source_embedding,
        target_embedding, usage_count, last_used)
    SELECT {SENTENCE.format(words="(%(english)s::text[])")}, {SENTENCE.format(words="(%(french)s::text[])")},
           CASE n %% 20 WHEN 0 THEN 'fr' ELSE 'en' END, CASE n %% 20 WHEN 0 THEN 'en' ELSE 'fr' END,
           'domain ' || n %% 7, (n %% 101) / 100.0, {NUMBERS}, {NUMBERS}, n %% 50, now() - n * interval '5 minutes'
    FROM generate_series(1, %(memory)s) AS n
    """,
    f"""
    INSERT INTO pmr_reports (id, project_id, report_month, report_year, template_id, title, generated_by, version)
    SELECT {IDENTITY}, project_id, report_month, report_year, template_id, title, generated_by, 1000 + n
    FROM pmr_reports, generate_series(1, {REPORTS}) AS n
    WHERE pmr_reports.id = %(report)s
    """,
    f"""
    INSERT INTO collaboration_sessions (id, session_id, report_id, is_active, started_at, last_activity)
    SELECT {IDENTITY}, 'session ' || n, {REPORT}, n %% 100 = 0, now() - n * interval '30 minutes',
           now() - n * interval '30 minutes'
    FROM generate_series(1, %(others)s) AS n
    """,
    f"""
    INSERT INTO pmr_change_events (
        id, event_id, report_id, session_id, event_type, user_id, user_name, section_id, changes, timestamp, created_at)
    SELECT {IDENTITY}, {IDENTITY}, {REPORT}, lpad(to_hex(1 + n %% 5000), 32, '0')::uuid,
           (enum_range(NULL::change_event_type))[1 + n %% 5], %(person)s, 'Someone', 'section_' || n / {REPORTS} %% 12,
           '{{"length": 4}}', happened, happened
    FROM generate_series(1, %(events)s) AS n,
         LATERAL (SELECT now() - (%(events)s - n) * interval '370 days' / %(events)s AS happened) AS moment
    """,
    f"""
    INSERT INTO pmr_distribution_log (
        report_id, distribution_method, recipient_type, recipient_identifier, status, sent_at, next_attempt_at)
    SELECT {REPORT}, 'email', 'user', 'someone' || n %% 900 || '@example.org',
           CASE WHEN n %% 500 = 0 THEN 'pending' WHEN n %% 501 = 0 THEN 'failed' ELSE 'delivered' END
               ::distribution_status, now() - n * interval '10 minutes', now() - n * interval '10 minutes'
    FROM generate_series(1, %(others)s) AS n
    """,
    f"""
    INSERT INTO export_jobs (report_id, export_format, status, requested_by, started_at, completed_at, file_url)
    SELECT {REPORT}, (ARRAY['pdf', 'excel', 'word'])[1 + n %% 3]::export_format,
           CASE WHEN n %% 500 = 0 THEN 'processing' WHEN n %% 700 = 0 THEN 'queued' WHEN n %% 50 = 0 THEN 'failed'
                ELSE 'completed' END::export_job_status,
           %(person)s, now() - n * interval '10 minutes', now() - n * interval '9 minutes',
           CASE WHEN n < 5000 THEN 'files/' || n END
    FROM generate_series(1, %(others)s) AS n
    """,
    """
    INSERT INTO job_descriptions (id, job_number, title, language)
    SELECT 1000 + n, 'bulk-' || n, 'Title ' || n, 'en' FROM generate_series(1, %(others)s / 10) AS n
    """,
    """
    INSERT INTO job_sections (job_id, section_type, section_content, section_order)
    SELECT 1001 + n %% (%(others)s / 10), 'type ' || n / (%(others)s / 10), 'text', n / (%(others)s / 10)
    FROM generate_series(0, %(others)s - 1) AS n
    """,
    f"""
    INSERT INTO content_chunks (job_id, chunk_text, chunk_index, embedding)
    SELECT 1001 + n %% (%(others)s / 10), repeat('text ', 40) || n, n / (%(others)s / 10), {NUMBERS}
    FROM generate_series(1, %(others)s) AS n
    """,
    """
    INSERT INTO editing_sessions (session_id, job_id, status, last_activity, expires_at)
    SELECT 'editing ' || n, 1001 + n %% (%(others)s / 10),
           CASE WHEN n %% 200 = 0 THEN 'active' ELSE 'expired' END, moment, moment + interval '8 hours'
    FROM generate_series(1, %(others)s) AS n, LATERAL (SELECT now() - n * interval '10 minutes' AS moment) AS m
    """,
    """
    INSERT INTO user_sessions (session_token, expires_at)
    SELECT 'token ' || n, now() + n * interval '1 minute' - interval '3 hours'
    FROM generate_series(1, %(others)s) AS n
    """,
    """
    INSERT INTO editing_locks (session_id, resource_type, resource_identifier, acquired_at, expires_at, released_at)
    SELECT 'editing ' || n, 'section', 'section ' || n, now() - n * interval '10 minutes',
           now() - n * interval '9 minutes', CASE WHEN n %% 200 > 0 THEN now() - n * interval '9 minutes' END
    FROM generate_series(1, %(others)s) AS n
    """,
    """
    INSERT INTO websocket_connections (session_id, connection_id, connected_at, last_heartbeat, disconnected_at)
    SELECT 'editing ' || n, 'connection ' || n, moment, moment, CASE WHEN n %% 10 > 0 THEN moment END
    FROM generate_series(1, %(others)s) AS n,
         LATERAL (SELECT now() - n * interval '25 hours' / %(others)s AS moment) AS m
    """,
    f"""
    INSERT INTO edit_sessions (report_id, user_id, is_active, started_at, last_activity)
    SELECT {REPORT}, %(person)s, n %% 100 = 0, now() - n * interval '30 minutes', now() - n * interval '30 minutes'
    FROM generate_series(1, %(others)s) AS n
    """,
    f"""
    INSERT INTO ai_insights (
        report_id, insight_type, category, title, content, confidence_score, priority, generated_at, expires_at)
    SELECT {REPORT}, (enum_range(NULL::ai_insight_type))[1 + n %% 4],
           (enum_range(NULL::ai_insight_category))[1 + n %% 5], 'Title ' || n, 'text', 0.75,
           (enum_range(NULL::ai_insight_priority))[1 + n %% 4],
           now() - n * interval '10 minutes',
           CASE WHEN n %% 4 = 0 THEN now() + n * interval '10 minutes' - interval '3 days' END
    FROM generate_series(1, %(others)s) AS n
    """,
    f"""
    INSERT INTO pmr_comments (report_id, section_id, user_id, user_name, content, resolved, created_at)
    SELECT {REPORT}, 'section_' || n %% 12, %(person)s, 'Someone', 'Remark ' || n, n / {REPORTS} %% 20 > 0,
           now() - n * interval '10 minutes'
    FROM generate_series(1, %(others)s) AS n
    """,
)


def fill(database: TestDatabase, scale: Scale, *, report: UUID, person: UUID) -> None:
    """Write the rows and let the planner know of them. `report` and `person` are there; reports are copied from it."""
    values = {
        **vars(scale),
        "report": report,
        "person": person,
        "english": ENGLISH.split(),
        "french": FRENCH.split(),
    }
    with (
        skipping_checks(database),
        psycopg.connect(database.migrator_url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection,
    ):
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for statement in STATEMENTS:
            connection.execute(statement.encode(), values)
        connection.execute("VACUUM ANALYZE")


@contextmanager
def skipping_checks(database: TestDatabase) -> Iterator[None]:
    """Let the owner skip foreign keys and triggers, which would take minutes for rows that are known to be fit."""
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("GRANT SET ON PARAMETER session_replication_role TO dray_migrator")
        try:
            yield
        finally:
            connection.execute("REVOKE SET ON PARAMETER session_replication_role FROM dray_migrator")
