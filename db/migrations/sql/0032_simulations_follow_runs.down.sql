CREATE OR REPLACE FUNCTION create_export_job() RETURNS trigger
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

DROP TRIGGER update_simulation ON task_runs;
DROP TRIGGER create_simulation ON task_runs;
DROP FUNCTION update_simulation;
DROP FUNCTION create_simulation;
DROP FUNCTION simulation_status_of;
