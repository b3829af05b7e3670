DROP VIEW report_collaboration_activity;
DROP VIEW ai_insights_performance;
DROP VIEW export_jobs_status;
DROP VIEW active_collaboration_sessions;
DROP VIEW active_edit_sessions;
DROP VIEW pmr_template_analytics;
DROP VIEW pmr_dashboard_summary;
DROP FUNCTION own_email;
