DROP TRIGGER enqueue_inserted_export ON export_jobs;
DROP TRIGGER validate_export_job_status_trigger ON export_jobs;
DROP TRIGGER update_collaboration_session_activity_trigger ON collaboration_sessions;
DROP TRIGGER update_edit_session_activity_trigger ON edit_sessions;
DROP TRIGGER increment_report_edit_count_trigger ON pmr_collaboration;
DROP TRIGGER update_template_usage_on_report_create ON pmr_reports;
DROP TRIGGER update_pmr_report_on_comment_change_delete ON pmr_comments;
DROP TRIGGER update_pmr_report_on_comment_change_update ON pmr_comments;
DROP TRIGGER update_pmr_report_on_comment_change ON pmr_comments;
DROP TRIGGER update_pmr_report_on_collaboration_change_update ON pmr_collaboration;
DROP TRIGGER update_pmr_report_on_collaboration_change ON pmr_collaboration;
DROP TRIGGER update_pmr_report_on_insight_change_delete ON ai_insights;
DROP TRIGGER update_pmr_report_on_insight_change_update ON ai_insights;
DROP TRIGGER update_pmr_report_on_insight_change ON ai_insights;
DROP TRIGGER update_monte_carlo_risk_configs_updated_at ON monte_carlo_risk_configs;
DROP TRIGGER update_monte_carlo_scenarios_updated_at ON monte_carlo_scenarios;
DROP TRIGGER update_monte_carlo_simulations_updated_at ON monte_carlo_simulations;
DROP TRIGGER update_cost_lines_updated_at ON cost_lines;
DROP TRIGGER update_activity_links_updated_at ON activity_links;
DROP TRIGGER update_activities_updated_at ON activities;
DROP TRIGGER update_calendar_exceptions_updated_at ON calendar_exceptions;
DROP TRIGGER update_project_calendars_updated_at ON project_calendars;
DROP TRIGGER update_financial_tracking_updated_at ON financial_tracking;
DROP TRIGGER update_milestones_updated_at ON milestones;
DROP TRIGGER update_risks_updated_at ON risks;
DROP TRIGGER update_pmr_distribution_log_updated_at ON pmr_distribution_log;
DROP TRIGGER update_pmr_change_events_updated_at ON pmr_change_events;
DROP TRIGGER update_pmr_comments_updated_at ON pmr_comments;
DROP TRIGGER update_pmr_collaboration_updated_at ON pmr_collaboration;
DROP TRIGGER update_edit_sessions_updated_at ON edit_sessions;
DROP TRIGGER update_collaboration_sessions_updated_at ON collaboration_sessions;
DROP TRIGGER update_export_jobs_updated_at ON export_jobs;
DROP TRIGGER update_ai_insights_updated_at ON ai_insights;
DROP TRIGGER update_pmr_reports_updated_at ON pmr_reports;
DROP TRIGGER update_pmr_templates_updated_at ON pmr_templates;
DROP TRIGGER update_projects_updated_at ON projects;
DROP FUNCTION enqueue_inserted_export;
DROP FUNCTION validate_export_job_status;
DROP FUNCTION note_session_activity;
DROP FUNCTION count_report_edits;
DROP FUNCTION count_template_usage;
DROP FUNCTION touch_changed_reports;

-- Other migrations' tables may use it too.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = 'set_updated_at()'::regprocedure) THEN
        DROP FUNCTION set_updated_at();
    END IF;
END
$$;
