-- One export, one run, one id: export_jobs shows the run to those who know only the shared schema.
CREATE FUNCTION reads_project(person uuid, project uuid) RETURNS boolean
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM projects WHERE projects.id = project AND projects.created_by = person)
        OR EXISTS (SELECT FROM project_members m WHERE m.project_id = project AND m.user_id = person)
$$;

-- Policies ask for the one who is asking. Who else reads what is nobody's business, hence no right to reads_project().
CREATE FUNCTION can_read_project(project uuid) RETURNS boolean
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT reads_project(auth.uid(), project)
$$;

REVOKE EXECUTE ON FUNCTION reads_project, can_read_project FROM PUBLIC;
GRANT EXECUTE ON FUNCTION can_read_project TO authenticated_users;

CREATE FUNCTION export_job_status_of(state run_state) RETURNS export_job_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT CASE state
        WHEN 'executing' THEN 'processing'
        WHEN 'completed' THEN 'completed'
        WHEN 'discarded' THEN 'failed'
        WHEN 'cancelled' THEN 'failed'
        ELSE 'queued'
    END::export_job_status
$$;

CREATE FUNCTION create_export_job() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    report pmr_reports%ROWTYPE;
BEGIN
    IF NOT coalesce(NEW.args ->> 'report_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', false) THEN
        RAISE EXCEPTION 'report.export needs args.report_id, the uuid of a report'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT coalesce(NEW.args ->> 'format' = ANY (enum_range(NULL::export_format)::text[]), false) THEN
        RAISE EXCEPTION 'report.export needs args.format, one of %',
            array_to_string(enum_range(NULL::export_format), ', ')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT * INTO report FROM pmr_reports WHERE id = (NEW.args ->> 'report_id')::uuid;
    -- The same answer for a report that does not exist and one that is not theirs: existence is a secret too.
    IF NOT FOUND OR NOT reads_project(NEW.requested_by, report.project_id) THEN
        RAISE EXCEPTION 'report % does not exist, or % may not read it', NEW.args ->> 'report_id', NEW.requested_by
            USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO export_jobs (id, report_id, export_format, export_options, requested_by, started_at)
    VALUES (NEW.id, report.id, (NEW.args ->> 'format')::export_format, coalesce(NEW.args -> 'options', '{}'::jsonb),
            NEW.requested_by, NULL)
    ON CONFLICT (id) DO NOTHING;
    RETURN NULL;
END
$$;

CREATE FUNCTION update_export_job() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE export_jobs
    SET status = export_job_status_of(NEW.state),
        retry_count = greatest(NEW.attempt - NEW.uncharged - 1, 0),
        started_at = coalesce(NEW.started_at, started_at),
        completed_at = CASE WHEN NEW.state = 'completed' THEN clock_timestamp() END,
        error_message = CASE NEW.state
            WHEN 'completed' THEN NULL
            WHEN 'cancelled' THEN concat_ws(': ', 'Cancelled', NEW.reason)
            ELSE NEW.last_error
        END,
        updated_at = clock_timestamp()
    WHERE id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER create_export_job
    AFTER INSERT ON task_runs
    FOR EACH ROW WHEN (NEW.kind = 'report.export')
    EXECUTE FUNCTION create_export_job();

CREATE TRIGGER update_export_job
    AFTER UPDATE OF state ON task_runs
    FOR EACH ROW WHEN (NEW.kind = 'report.export' AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION update_export_job();

REVOKE EXECUTE ON FUNCTION create_export_job, update_export_job FROM PUBLIC;
