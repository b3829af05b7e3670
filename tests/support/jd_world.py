"""A small world of people and job descriptions, for tests of the schema."""

from __future__ import annotations

from uuid import UUID

import psycopg

# admin; editor who wrote both descriptions; translator of the pair; reviewer; may read; might once read; outsider;
# may write; may approve and share.
PEOPLE = {"ada": 1, "eve": 2, "tom": 3, "rex": 4, "pat": 5, "exp": 6, "out": 7, "wri": 8, "app": 9}
ROLES = {"ada": "admin", "eve": "editor", "tom": "translator", "rex": "reviewer"}

ROWS = """
SELECT setval('users_id_seq', 100);
INSERT INTO job_descriptions (id, job_number, title, language, created_by) VALUES
    (1000, 'T-1', 'Analyst', 'en', 2), (1001, 'T-1', 'Analyste', 'fr', 2);
INSERT INTO job_metadata (id, job_id) VALUES (1000, 1000);
INSERT INTO job_sections (id, job_id, section_type, section_content, section_order)
    VALUES (1000, 1000, 'general', 'text', 1);
INSERT INTO content_chunks (id, job_id, chunk_text, chunk_index) VALUES (1000, 1000, 'text', 0);
INSERT INTO ai_usage_tracking (id, cost_usd) VALUES (1000, 0.00001250);
INSERT INTO user_sessions (user_id, session_token, expires_at) VALUES (5, 'secret', now() + interval '1 hour');
INSERT INTO user_preferences (user_id, preference_key, preference_value) VALUES (5, 'theme', '"dark"');
INSERT INTO user_permissions (user_id, resource_type, resource_id, permission_type, granted_by, expires_at) VALUES
    (3, 'job_description', 1000, 'read', 1, NULL),
    (3, 'job_description', 1001, 'read', 1, NULL),
    (5, 'job_description', 1000, 'read', 1, NULL),
    (6, 'job_description', 1000, 'read', 1, now() - interval '1 day'),
    (6, 'job_description', 1000, 'write', 1, now() - interval '1 day'),
    (6, 'translation', NULL, 'read', 1, now() - interval '1 day'),
    (8, 'job_description', 1000, 'write', 1, NULL),
    (9, 'job_description', 1000, 'approve', 1, NULL),
    (9, 'job_description', 1000, 'share', 1, now() + interval '1 day'),
    (9, 'job_description', 1000, 'delete', 1, NULL);
INSERT INTO editing_sessions (id, session_id, job_id, created_by, collaborators) VALUES (1000, 's1', 1000, 2, '{8}');
INSERT INTO document_changes (session_id, user_id, change_sequence, change_type, operation_data, position)
    VALUES ('s1', 2, 1, 'insert', '{}', 0);
INSERT INTO websocket_connections (session_id, user_id, connection_id) VALUES ('s1', 2, 'c1');
INSERT INTO editing_locks (session_id, user_id, resource_type, resource_identifier)
    VALUES ('s1', 2, 'section', 'general');
INSERT INTO document_comments (id, job_id, session_id, user_id, comment_text) VALUES (1000, 1000, 's1', 5, 'hm');
INSERT INTO translation_pairs (id, source_job_id, target_job_id, source_language, target_language, translator_id)
    VALUES (1000, 1000, 1001, 'en', 'fr', 3);
INSERT INTO sentence_alignments (translation_pair_id, source_sentence, target_sentence) VALUES (1000, 'a', 'b');
INSERT INTO translation_memory (source_text, target_text, source_language, target_language, created_by)
    VALUES ('a', 'b', 'en', 'fr', 3);
INSERT INTO terminology_glossary (term_source, term_target, source_language, target_language, created_by)
    VALUES ('a', 'b', 'en', 'fr', 5);
INSERT INTO translation_sessions (session_id, translation_pair_id, translator_id) VALUES ('s1', 1000, 2);
INSERT INTO ai_suggestions (job_id, session_id, user_id, suggestion_type, original_text, suggested_text)
    VALUES (1000, 's1', 5, 'grammar', 'a', 'b');
INSERT INTO ai_usage_sessions (session_id, user_id, ai_provider) VALUES ('s1', 5, 'local');
INSERT INTO compliance_checks (job_id, session_id, check_type) VALUES (1000, 's1', 'policy');
INSERT INTO document_approvals (id, job_id, workflow_id, submitted_by)
    SELECT 1000, 1000, id, 2 FROM approval_workflows;
INSERT INTO approval_steps (id, approval_id, step_number, assigned_to) VALUES (1000, 1000, 1, 9);
INSERT INTO document_versions (job_id, version_number, content_snapshot, created_by) VALUES (1000, '1.1.0', '{}', 2);
INSERT INTO usage_analytics (user_id, action_type) VALUES (5, 'document_edit');
INSERT INTO activity_logs (user_id, action) VALUES (5, 'read');
INSERT INTO performance_metrics (metric_type) VALUES ('response_time');
INSERT INTO system_health (component, status) VALUES ('database', 'healthy');
"""


def identity(person: str) -> UUID:
    """The identity of one of the people."""
    return UUID(int=0xD0000 + PEOPLE[person])


def build_world(migrator_url: str) -> None:
    """Write all of it and commit."""
    with psycopg.connect(migrator_url) as connection:
        # The sample people would count among those of this world.
        connection.execute("DELETE FROM translation_pairs; DELETE FROM user_permissions; DELETE FROM users")
        for name, number in PEOPLE.items():
            address = f"{name}@world.example"
            connection.execute("INSERT INTO auth.users (id, email) VALUES (%s, %s)", [identity(name), address])
            # The tie is made by the address, whatever its letters' case.
            connection.execute(
                "INSERT INTO users (id, username, email, password_hash, role) VALUES (%s, %s, %s, 'x', %s)",
                [number, name, address.upper(), ROLES.get(name, "user")],
            )
        connection.execute(ROWS)
