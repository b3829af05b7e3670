DROP TRIGGER update_export_job ON task_runs;
DROP TRIGGER create_export_job ON task_runs;
DROP FUNCTION update_export_job;
DROP FUNCTION create_export_job;
DROP FUNCTION export_job_status_of;
DROP FUNCTION can_read_project;
DROP FUNCTION reads_project;
