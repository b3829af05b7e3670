-- Who may do what. People act as authenticated_users under auth.uid(); workers as dray_worker, which owns nothing.
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE project_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE pmr_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE pmr_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_insights ENABLE ROW LEVEL SECURITY;
ALTER TABLE export_jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_tokens ENABLE ROW LEVEL SECURITY;

CREATE POLICY members_read ON projects FOR SELECT TO authenticated_users
    USING (can_read_project(id));
CREATE POLICY own_memberships ON project_members FOR SELECT TO authenticated_users
    USING (user_id = (SELECT auth.uid()) OR can_read_project(project_id));
CREATE POLICY public_or_own ON pmr_templates FOR SELECT TO authenticated_users
    USING (is_public OR created_by = (SELECT auth.uid()));
CREATE POLICY members_read ON pmr_reports FOR SELECT TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_read ON ai_insights FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY own_requests ON export_jobs FOR SELECT TO authenticated_users
    USING (requested_by = (SELECT auth.uid()));
CREATE POLICY own_requests ON task_runs FOR SELECT TO authenticated_users
    USING (requested_by = (SELECT auth.uid()));
CREATE POLICY own_requests ON task_attempts FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM task_runs r WHERE r.id = run_id));

GRANT SELECT ON projects, project_members, pmr_templates, pmr_reports, ai_insights, export_jobs, task_runs,
    task_attempts, task_kinds TO authenticated_users;

CREATE POLICY worker_reads ON projects FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON project_members FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON pmr_templates FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON pmr_reports FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON ai_insights FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON export_jobs FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_stores ON export_jobs FOR UPDATE TO dray_worker USING (true);
CREATE POLICY worker_runs ON task_runs FOR ALL TO dray_worker USING (true);
CREATE POLICY worker_attempts ON task_attempts FOR ALL TO dray_worker USING (true);

GRANT SELECT ON projects, project_members, pmr_templates, pmr_reports, ai_insights, export_jobs, task_kinds
    TO dray_worker;
GRANT UPDATE (file_url, file_size, file_name, file_type, file_sha256) ON export_jobs TO dray_worker;
-- Runs are made by enqueue_run alone, hence no INSERT.
GRANT SELECT, UPDATE, DELETE ON task_runs TO dray_worker;
GRANT SELECT, INSERT, UPDATE ON task_attempts TO dray_worker;

-- The API must know a token's owner before it can act as them.
CREATE FUNCTION owner_of_token(hash bytea) RETURNS uuid
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT user_id FROM api_tokens
    WHERE token_hash = hash AND (expires_at IS NULL OR expires_at > clock_timestamp())
$$;
REVOKE EXECUTE ON FUNCTION owner_of_token FROM PUBLIC;
GRANT EXECUTE ON FUNCTION owner_of_token TO dray_api;

-- The API says in /readyz which revision it found.
GRANT SELECT ON alembic_version TO dray_api, dray_worker;
