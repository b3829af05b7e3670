DO $$
DECLARE
    hosted text;
    policy name;
BEGIN
    FOREACH hosted IN ARRAY ARRAY[
        'job_descriptions', 'job_metadata', 'job_sections', 'content_chunks', 'ai_usage_tracking',
        'users', 'user_sessions', 'user_preferences', 'user_permissions',
        'editing_sessions', 'document_changes', 'websocket_connections', 'editing_locks', 'document_comments',
        'translation_pairs', 'sentence_alignments', 'translation_memory', 'terminology_glossary', 'translation_sessions',
        'ai_suggestions', 'ai_usage_sessions', 'compliance_checks',
        'approval_workflows', 'document_approvals', 'approval_steps', 'document_versions',
        'usage_analytics', 'performance_metrics', 'activity_logs', 'system_health']
    LOOP
        FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = hosted LOOP
            EXECUTE format('DROP POLICY %I ON %I', policy, hosted);
        END LOOP;
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', hosted);
        EXECUTE format('REVOKE ALL ON %I FROM authenticated_users, dray_worker', hosted);
        EXECUTE format('REVOKE ALL ON SEQUENCE %I FROM authenticated_users, dray_worker', hosted || '_id_seq');
    END LOOP;
END
$$;
DROP FUNCTION is_comment_on;
DROP FUNCTION can_read_approval;
DROP FUNCTION none_submitted;
DROP FUNCTION owns_approval;
DROP FUNCTION can_write_pair;
DROP FUNCTION can_read_pair;
DROP FUNCTION can_edit_session;
DROP FUNCTION can_use_session;
DROP FUNCTION can_approve_job;
DROP FUNCTION can_write_job;
DROP FUNCTION can_read_job;
DROP FUNCTION person_may;
DROP FUNCTION may_grant;
DROP FUNCTION has_permission;
DROP FUNCTION has_role;
DROP FUNCTION is_admin;
