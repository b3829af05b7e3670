-- update_updated_at_column() serves both halves of the schema (0009).
CREATE TRIGGER update_projects_updated_at BEFORE UPDATE ON projects
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_pmr_templates_updated_at BEFORE UPDATE ON pmr_templates
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_pmr_reports_updated_at BEFORE UPDATE ON pmr_reports
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_ai_insights_updated_at BEFORE UPDATE ON ai_insights
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_export_jobs_updated_at BEFORE UPDATE ON export_jobs
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_collaboration_sessions_updated_at BEFORE UPDATE ON collaboration_sessions
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_edit_sessions_updated_at BEFORE UPDATE ON edit_sessions
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_pmr_collaboration_updated_at BEFORE UPDATE ON pmr_collaboration
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_pmr_comments_updated_at BEFORE UPDATE ON pmr_comments
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_pmr_change_events_updated_at BEFORE UPDATE ON pmr_change_events
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_pmr_distribution_log_updated_at BEFORE UPDATE ON pmr_distribution_log
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_risks_updated_at BEFORE UPDATE ON risks
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_milestones_updated_at BEFORE UPDATE ON milestones
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_financial_tracking_updated_at BEFORE UPDATE ON financial_tracking
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_project_calendars_updated_at BEFORE UPDATE ON project_calendars
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_calendar_exceptions_updated_at BEFORE UPDATE ON calendar_exceptions
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_activities_updated_at BEFORE UPDATE ON activities
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_activity_links_updated_at BEFORE UPDATE ON activity_links
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_cost_lines_updated_at BEFORE UPDATE ON cost_lines
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_monte_carlo_simulations_updated_at BEFORE UPDATE ON monte_carlo_simulations
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_monte_carlo_scenarios_updated_at BEFORE UPDATE ON monte_carlo_scenarios
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_monte_carlo_risk_configs_updated_at BEFORE UPDATE ON monte_carlo_risk_configs
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Whoever comments may not change the report itself, hence SECURITY DEFINER here and below. One statement touches a
-- report once however many rows it changes, and a transaction does so once however many statements it has.
CREATE FUNCTION touch_changed_reports() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE pmr_reports
    SET last_modified = now()
    WHERE id IN (SELECT report_id FROM changed) AND (last_modified < now() OR last_modified IS NULL);
    RETURN NULL;
END
$$;

-- Transition tables allow one event a trigger: the given name is the one that follows inserts.
CREATE TRIGGER update_pmr_report_on_insight_change AFTER INSERT ON ai_insights
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_changed_reports();
CREATE TRIGGER update_pmr_report_on_insight_change_update AFTER UPDATE ON ai_insights
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_changed_reports();
CREATE TRIGGER update_pmr_report_on_insight_change_delete AFTER DELETE ON ai_insights
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_changed_reports();
CREATE TRIGGER update_pmr_report_on_collaboration_change AFTER INSERT ON pmr_collaboration
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_changed_reports();
CREATE TRIGGER update_pmr_report_on_collaboration_change_update AFTER UPDATE ON pmr_collaboration
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_changed_reports();
CREATE TRIGGER update_pmr_report_on_comment_change AFTER INSERT ON pmr_comments
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_changed_reports();
CREATE TRIGGER update_pmr_report_on_comment_change_update AFTER UPDATE ON pmr_comments
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_changed_reports();
CREATE TRIGGER update_pmr_report_on_comment_change_delete AFTER DELETE ON pmr_comments
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_changed_reports();

CREATE FUNCTION count_template_usage() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE pmr_templates t
    SET usage_count = coalesce(t.usage_count, 0) + used.reports
    FROM (SELECT template_id, count(*)::integer AS reports FROM made GROUP BY template_id) AS used
    WHERE t.id = used.template_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER update_template_usage_on_report_create AFTER INSERT ON pmr_reports
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION count_template_usage();

CREATE FUNCTION count_report_edits() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE pmr_reports r
    SET total_edits = coalesce(r.total_edits, 0) + made.edits
    FROM (
        SELECT report_id, count(*)::integer AS edits FROM logged WHERE action_type = 'edit' GROUP BY report_id
    ) AS made
    WHERE r.id = made.report_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER increment_report_edit_count_trigger AFTER INSERT ON pmr_collaboration
    REFERENCING NEW TABLE AS logged
    FOR EACH STATEMENT EXECUTE FUNCTION count_report_edits();

-- What ends a session (a clean-up, say) is no activity in it; whoever states the time of the activity is believed.
CREATE FUNCTION note_session_activity() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.last_activity := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER update_edit_session_activity_trigger BEFORE UPDATE ON edit_sessions
    FOR EACH ROW WHEN (NEW.is_active IS NOT FALSE AND NEW.last_activity IS NOT DISTINCT FROM OLD.last_activity)
    EXECUTE FUNCTION note_session_activity();
CREATE TRIGGER update_collaboration_session_activity_trigger BEFORE UPDATE ON collaboration_sessions
    FOR EACH ROW WHEN (NEW.is_active IS NOT FALSE AND NEW.last_activity IS NOT DISTINCT FROM OLD.last_activity)
    EXECUTE FUNCTION note_session_activity();

-- queued -> processing -> completed | failed; queued -> failed when it is cancelled before it began;
-- failed -> queued when it is asked for again; processing -> queued only if its run was taken from its worker or waits
-- for the next attempt. A NULL status is a queued one. Everything else of a row may change in any state.
CREATE FUNCTION validate_export_job_status() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    arrow text := format('%s -> %s', coalesce(OLD.status, 'queued'), coalesce(NEW.status, 'queued'));
    followed export_job_status := (SELECT export_job_status_of(state) FROM task_runs WHERE id = NEW.id);
BEGIN
    IF arrow NOT IN (
        'queued -> queued', 'queued -> processing', 'queued -> failed', 'processing -> completed',
        'processing -> failed', 'processing -> queued', 'failed -> queued'
    ) THEN
        RAISE EXCEPTION 'export % cannot go %', NEW.id, arrow USING ERRCODE = 'check_violation';
    END IF;
    IF followed <> coalesce(NEW.status, 'queued') THEN
        RAISE EXCEPTION 'export % cannot go %: its run says %', NEW.id, arrow, followed
            USING ERRCODE = 'check_violation', HINT = 'The status follows the run; cancel or retry the run instead.';
    END IF;
    IF followed IS NULL AND arrow = 'processing -> queued' THEN
        RAISE EXCEPTION 'export % cannot go %: no run of it lost its worker', NEW.id, arrow
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER validate_export_job_status_trigger BEFORE UPDATE ON export_jobs
    FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status)
    EXECUTE FUNCTION validate_export_job_status();

-- Whoever knows only the shared schema asks for an export by inserting its row: the run is made in the same
-- transaction. A row that a trigger made (0007) has its run already; one that isn't queued needs none.
CREATE FUNCTION enqueue_inserted_export() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM enqueue_run(
        'report.export',
        jsonb_build_object('report_id', NEW.report_id, 'format', NEW.export_format,
                           'options', coalesce(NEW.export_options, '{}'::jsonb)),
        requested_by => NEW.requested_by,
        run_id => NEW.id
    );
    -- The column's default is the time of the request; it is the claim's.
    UPDATE export_jobs SET started_at = NULL WHERE id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER enqueue_inserted_export AFTER INSERT ON export_jobs
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND coalesce(NEW.status, 'queued') = 'queued')
    EXECUTE FUNCTION enqueue_inserted_export();

REVOKE EXECUTE ON FUNCTION touch_changed_reports, count_template_usage, count_report_edits, note_session_activity, validate_export_job_status, enqueue_inserted_export FROM PUBLIC;
