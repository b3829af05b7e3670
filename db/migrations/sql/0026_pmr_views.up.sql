-- Every view reads as the asker, so that it shows no row that the tables themselves would not. The columns with e-mail
-- addresses keep their names; they show the asker's own address and nobody else's, since auth.users shows none.
CREATE FUNCTION own_email(person uuid) RETURNS text
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT email::text FROM auth.users WHERE id = person AND person = auth.uid()
$$;
REVOKE EXECUTE ON FUNCTION own_email FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_email TO authenticated_users, dray_worker;
COMMENT ON FUNCTION own_email IS 'The e-mail address of a person who is the asker; NULL for everyone else.';

CREATE VIEW pmr_dashboard_summary WITH (security_invoker = true) AS
SELECT p.id AS project_id, p.name AS project_name, p.status AS project_status,
    latest.report_id, latest.report_month, latest.report_year, latest.title AS latest_report_title,
    latest.status AS report_status, latest.generated_at AS report_generated_at,
    reports.total_reports, reports.draft_reports, reports.approved_reports,
    t.name AS template_name, t.template_type,
    insights.total_insights, insights.critical_insights, insights.unvalidated_insights,
    sessions.active_sessions, sessions.total_collaborators
FROM projects p
LEFT JOIN LATERAL get_latest_pmr_report(p.id) AS latest ON true
LEFT JOIN pmr_reports r ON r.id = latest.report_id
LEFT JOIN pmr_templates t ON t.id = r.template_id
CROSS JOIN LATERAL (
    SELECT count(*) AS total_reports,
        count(*) FILTER (WHERE coalesce(a.status, 'draft') = 'draft') AS draft_reports,
        count(*) FILTER (WHERE a.status = 'approved') AS approved_reports
    FROM pmr_reports a
    WHERE a.project_id = p.id AND a.is_active
) AS reports
CROSS JOIN LATERAL (
    SELECT count(*) AS total_insights,
        count(*) FILTER (WHERE i.priority = 'critical') AS critical_insights,
        count(*) FILTER (WHERE coalesce(i.validation_status, 'pending') = 'pending') AS unvalidated_insights
    FROM ai_insights i
    WHERE i.report_id = latest.report_id
) AS insights
CROSS JOIN LATERAL (
    SELECT count(*) AS active_sessions, coalesce(sum(json_list_length(s.participants)), 0) AS total_collaborators
    FROM collaboration_sessions s
    WHERE s.report_id = latest.report_id AND s.is_active
) AS sessions;

CREATE VIEW pmr_template_analytics WITH (security_invoker = true) AS
SELECT t.id AS template_id, t.name AS template_name, t.template_type, t.industry_focus, t.usage_count, t.rating,
    t.is_public, t.created_by, own_email(t.created_by) AS creator_email,
    used.reports_this_month, used.reports_this_year, used.avg_completion_score,
    CASE WHEN t.rating IS NULL THEN 0 ELSE 1 END AS total_ratings, t.rating AS avg_rating
FROM pmr_templates t
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE r.generated_at >= date_trunc('month', now())) AS reports_this_month,
        count(*) FILTER (WHERE r.generated_at >= date_trunc('year', now())) AS reports_this_year,
        round(avg(calculate_pmr_completeness(r.id)), 2) AS avg_completion_score
    FROM pmr_reports r
    WHERE r.template_id = t.id
) AS used;

CREATE VIEW active_edit_sessions WITH (security_invoker = true) AS
SELECT s.id AS session_id, s.report_id, r.title AS report_title, r.project_id, p.name AS project_name, s.user_id,
    own_email(s.user_id) AS user_email, s.session_type, s.active_section, s.started_at, s.last_activity,
    json_list_length(s.chat_messages) AS message_count, json_list_length(s.changes_made) AS changes_count,
    round(extract(epoch FROM now() - s.last_activity) / 60, 2) AS minutes_since_activity
FROM edit_sessions s
JOIN pmr_reports r ON r.id = s.report_id
JOIN projects p ON p.id = r.project_id
WHERE s.is_active;

CREATE VIEW active_collaboration_sessions WITH (security_invoker = true) AS
SELECT s.id, s.session_id, s.report_id, r.title AS report_title, r.project_id, p.name AS project_name,
    s.session_type, json_list_length(s.participants) AS participant_count,
    json_list_length(s.active_editors) AS active_editor_count, json_list_length(s.changes_log) AS total_changes,
    json_list_length(s.comments) AS total_comments, s.started_at, s.last_activity,
    round(extract(epoch FROM now() - s.last_activity) / 60, 2) AS minutes_since_activity
FROM collaboration_sessions s
JOIN pmr_reports r ON r.id = s.report_id
JOIN projects p ON p.id = r.project_id
WHERE s.is_active;

CREATE VIEW export_jobs_status WITH (security_invoker = true) AS
SELECT j.id AS job_id, j.report_id, r.title AS report_title, r.project_id, p.name AS project_name, j.export_format,
    j.status, j.file_url, j.file_size, j.requested_by, own_email(j.requested_by) AS requester_email, j.started_at,
    j.completed_at, j.error_message, j.retry_count,
    round(extract(epoch FROM coalesce(j.completed_at, now()) - j.started_at) / 60, 2) AS processing_time_minutes
FROM export_jobs j
JOIN pmr_reports r ON r.id = j.report_id
JOIN projects p ON p.id = r.project_id;

CREATE VIEW ai_insights_performance WITH (security_invoker = true) AS
SELECT p.id AS project_id, p.name AS project_name, i.category, i.insight_type, count(*) AS total_insights,
    round(avg(i.confidence_score), 2) AS avg_confidence,
    count(*) FILTER (WHERE i.validation_status = 'validated') AS validated_count,
    count(*) FILTER (WHERE i.validation_status = 'rejected') AS rejected_count,
    round(avg(i.feedback_score), 2) AS avg_feedback_score,
    count(*) FILTER (WHERE i.priority IN ('high', 'critical')) AS high_priority_count
FROM ai_insights i
JOIN pmr_reports r ON r.id = i.report_id
JOIN projects p ON p.id = r.project_id
WHERE r.is_active
GROUP BY p.id, p.name, i.category, i.insight_type;

CREATE VIEW report_collaboration_activity WITH (security_invoker = true) AS
SELECT c.report_id, r.title AS report_title, r.project_id, p.name AS project_name, c.user_id,
    own_email(c.user_id) AS user_email, c.action_type, c.section_id, c.timestamp, c.change_description
FROM pmr_collaboration c
JOIN pmr_reports r ON r.id = c.report_id
JOIN projects p ON p.id = r.project_id
WHERE r.is_active;

GRANT SELECT ON pmr_dashboard_summary, pmr_template_analytics, active_edit_sessions, active_collaboration_sessions,
    export_jobs_status, ai_insights_performance, report_collaboration_activity TO authenticated_users, dray_worker;
