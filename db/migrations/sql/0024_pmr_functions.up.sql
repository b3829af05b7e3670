-- Those that read run as the asker, so that row-level security decides what they find; those that clean up are for
-- the workers alone.
CREATE FUNCTION json_list_length(list jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN jsonb_typeof(list) = 'array' THEN jsonb_array_length(list) ELSE 0 END
$$;
COMMENT ON FUNCTION json_list_length IS 'How many elements a JSON list has; 0 for whatever is no list.';

CREATE FUNCTION is_json_content(content jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE jsonb_typeof(content)
        WHEN 'string' THEN content #>> '{}' ~ '\S'
        WHEN 'array' THEN content <> '[]'::jsonb
        WHEN 'object' THEN content <> '{}'::jsonb
        WHEN 'null' THEN false
        ELSE content IS NOT NULL
    END
$$;
COMMENT ON FUNCTION is_json_content IS 'Whether a section''s content, of whatever JSON type, says anything.';

CREATE FUNCTION get_latest_pmr_report(p_project_id uuid)
RETURNS TABLE (
    report_id uuid, report_month date, report_year integer, title varchar, status pmr_status, generated_at timestamptz
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT r.id, r.report_month, r.report_year, r.title, r.status, r.generated_at
    FROM pmr_reports r
    WHERE r.project_id = p_project_id AND r.is_active
    ORDER BY r.report_year DESC, r.report_month DESC, r.version DESC NULLS LAST
    LIMIT 1
$$;

CREATE FUNCTION calculate_pmr_completeness(p_report_id uuid) RETURNS numeric(3, 2)
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT coalesce((
        SELECT CASE WHEN r.executive_summary ~ '\S' THEN 0.25 ELSE 0 END
            + CASE WHEN json_list_length(r.ai_generated_insights) > 0
                     OR EXISTS (
                         SELECT FROM ai_insights i
                         WHERE i.report_id = r.id AND i.validation_status IS DISTINCT FROM 'rejected'
                     )
                   THEN 0.20 ELSE 0 END
            + CASE WHEN coalesce(is_json_content(r.monte_carlo_analysis), false) THEN 0.15 ELSE 0 END
            + 0.40 * coalesce(filled.share, 0)
        FROM pmr_reports r
        CROSS JOIN LATERAL (
            SELECT avg(CASE WHEN is_json_content(section -> 'content') THEN 1 ELSE 0 END) AS share
            FROM jsonb_array_elements(CASE WHEN jsonb_typeof(r.sections) = 'array' THEN r.sections END) AS s (section)
        ) AS filled
        WHERE r.id = p_report_id
    ), 0)::numeric(3, 2)
$$;

CREATE FUNCTION cleanup_old_edit_sessions(p_days_old integer DEFAULT 30) RETURNS integer
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH ended AS (
        UPDATE edit_sessions
        SET is_active = false,
            ended_at = coalesce(ended_at, last_activity, started_at, created_at),
            chat_messages = '[]'::jsonb,
            changes_made = '[]'::jsonb
        WHERE is_active = true
          AND coalesce(last_activity, started_at, created_at) < now() - make_interval(days => p_days_old)
        RETURNING 1
    )
    SELECT count(*)::integer FROM ended
$$;

CREATE FUNCTION cleanup_old_collaboration_sessions(p_hours_old integer DEFAULT 24) RETURNS integer
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
    -- A session's own timeout ends it sooner.
    WITH ended AS (
        UPDATE collaboration_sessions
        SET is_active = false,
            ended_at = coalesce(ended_at, last_activity, started_at, created_at)
        WHERE is_active = true
          AND coalesce(last_activity, started_at, created_at)
              < now() - least(make_interval(hours => p_hours_old), make_interval(mins => session_timeout_minutes))
        RETURNING 1
    )
    SELECT count(*)::integer FROM ended
$$;

CREATE FUNCTION get_active_collaborators(p_report_id uuid)
RETURNS TABLE (
    user_id uuid, user_name varchar, role participant_role, last_active timestamptz, current_section varchar
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    -- Participants are JSON that clients wrote: what doesn't parse is NULL, and never an error.
    SELECT CASE WHEN pg_input_is_valid(p ->> 'user_id', 'uuid') THEN (p ->> 'user_id')::uuid END,
        (p ->> 'user_name')::varchar,
        CASE WHEN pg_input_is_valid(p ->> 'role', 'participant_role') THEN (p ->> 'role')::participant_role END,
        CASE WHEN pg_input_is_valid(p ->> 'last_active', 'timestamptz') THEN (p ->> 'last_active')::timestamptz END,
        (p ->> 'current_section')::varchar
    FROM collaboration_sessions s
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(s.participants) = 'array' THEN s.participants END
    ) AS participant (p)
    WHERE s.report_id = p_report_id AND s.is_active AND p -> 'is_online' = 'true'::jsonb
    ORDER BY 4 DESC NULLS LAST, 2
$$;

CREATE FUNCTION get_unresolved_comments(p_report_id uuid)
RETURNS TABLE (
    comment_id uuid, section_id varchar, user_name varchar, content text, created_at timestamptz, reply_count bigint
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT c.comment_id, c.section_id, c.user_name, c.content, c.created_at,
        (SELECT count(*) FROM pmr_comments reply WHERE reply.parent_comment_id = c.comment_id)
    FROM pmr_comments c
    WHERE c.report_id = p_report_id AND c.resolved IS NOT TRUE AND c.parent_comment_id IS NULL
    ORDER BY c.created_at DESC, c.id
$$;

CREATE FUNCTION get_ai_insights_summary(p_report_id uuid)
RETURNS TABLE (
    category ai_insight_category, total bigint, critical bigint, high_priority bigint, validated bigint,
    avg_confidence numeric
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT i.category, count(*), count(*) FILTER (WHERE i.priority = 'critical'),
        count(*) FILTER (WHERE i.priority = 'high'), count(*) FILTER (WHERE i.validation_status = 'validated'),
        round(avg(i.confidence_score), 2)
    FROM ai_insights i
    WHERE i.report_id = p_report_id
    GROUP BY i.category
    ORDER BY 3 DESC, 2 DESC, 1
$$;

CREATE FUNCTION archive_old_pmr_reports(p_months_old integer DEFAULT 12) RETURNS integer
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH archived AS (
        UPDATE pmr_reports
        SET is_active = false
        WHERE is_active = true
          AND status = 'distributed'
          AND report_month < (current_date - make_interval(months => p_months_old))::date
        RETURNING 1
    )
    SELECT count(*)::integer FROM archived
$$;

CREATE FUNCTION get_export_job_statistics(p_days integer DEFAULT 30)
RETURNS TABLE (
    export_format export_format, total_jobs bigint, completed_jobs bigint, failed_jobs bigint,
    avg_processing_time_seconds numeric, success_rate numeric
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    -- By request: an export that waits has no started_at. Its success isn't known before it ends.
    SELECT j.export_format, count(*), count(*) FILTER (WHERE j.status = 'completed'),
        count(*) FILTER (WHERE j.status = 'failed'),
        round(avg(extract(epoch FROM j.completed_at - j.started_at)) FILTER (WHERE j.status = 'completed'), 3),
        round(
            100.0 * count(*) FILTER (WHERE j.status = 'completed')
            / nullif(count(*) FILTER (WHERE j.status IN ('completed', 'failed')), 0),
            2
        )
    FROM export_jobs j
    WHERE j.created_at >= now() - make_interval(days => p_days)
    GROUP BY j.export_format
    ORDER BY 2 DESC, 1
$$;

CREATE FUNCTION pmr_maintenance_job()
RETURNS TABLE (task varchar, items_processed integer, execution_time_ms integer)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    began timestamptz := clock_timestamp();
BEGIN
    task := 'cleanup_edit_sessions';
    items_processed := cleanup_old_edit_sessions(30);
    execution_time_ms := milliseconds_since(began);
    RETURN NEXT;

    began := clock_timestamp();
    task := 'cleanup_collaboration_sessions';
    items_processed := cleanup_old_collaboration_sessions(24);
    execution_time_ms := milliseconds_since(began);
    RETURN NEXT;

    began := clock_timestamp();
    task := 'archive_old_reports';
    items_processed := archive_old_pmr_reports(12);
    execution_time_ms := milliseconds_since(began);
    RETURN NEXT;
END
$$;

-- EXTRACT(MILLISECONDS) is the seconds field alone, which begins anew each minute; the epoch counts on.
CREATE FUNCTION milliseconds_since(began timestamptz, ended timestamptz DEFAULT clock_timestamp()) RETURNS integer
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT round(extract(epoch FROM ended - began) * 1000)::integer
$$;

REVOKE EXECUTE ON FUNCTION cleanup_old_edit_sessions, cleanup_old_collaboration_sessions, archive_old_pmr_reports,
    pmr_maintenance_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cleanup_old_edit_sessions, cleanup_old_collaboration_sessions, archive_old_pmr_reports,
    pmr_maintenance_job TO dray_worker;
