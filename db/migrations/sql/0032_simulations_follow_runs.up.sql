-- One simulation, one run, one id: monte_carlo_simulations shows the run to those who know only the shared schema.
CREATE FUNCTION simulation_status_of(state run_state) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT CASE state
        WHEN 'executing' THEN 'running'
        WHEN 'completed' THEN 'completed'
        WHEN 'discarded' THEN 'failed'
        WHEN 'cancelled' THEN 'failed'
        ELSE 'pending'
    END
$$;

CREATE FUNCTION create_simulation() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO monte_carlo_simulations (id, user_id, project_id, name, iteration_count, random_seed)
    SELECT NEW.id, NEW.requested_by, project.id,
        left(coalesce(NEW.args ->> 'name', project.name || ', ' || to_char(NEW.created_at, 'YYYY-MM-DD')), 255),
        coalesce((NEW.args ->> 'iterations')::integer, 10000), (NEW.args ->> 'seed')::bigint
    FROM projects project
    WHERE project.id = (NEW.args ->> 'project_id')::uuid
    ON CONFLICT (id) DO NOTHING;
    -- An id of the asker's own choice must not name what is there already: the run would overwrite it.
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the run id % is taken', NEW.id
            USING ERRCODE = 'invalid_parameter_value', HINT = 'An id of your own must be new.';
    END IF;
    RETURN NULL;
END
$$;

-- The table has no column for what went wrong: the summary says it where there are no results.
CREATE FUNCTION update_simulation() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE monte_carlo_simulations
    SET status = simulation_status_of(NEW.state),
        started_at = coalesce(NEW.started_at, started_at),
        completed_at = CASE WHEN NEW.state = 'completed' THEN clock_timestamp() END,
        execution_time = CASE WHEN NEW.state = 'completed'
            THEN extract(epoch FROM clock_timestamp() - NEW.started_at) END,
        results_summary = CASE NEW.state
            WHEN 'discarded' THEN jsonb_build_object('error', NEW.last_error)
            WHEN 'cancelled' THEN jsonb_build_object('error', concat_ws(': ', 'Cancelled', NEW.reason))
            ELSE results_summary
        END,
        updated_at = clock_timestamp()
    WHERE id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER create_simulation
    AFTER INSERT ON task_runs
    FOR EACH ROW WHEN (NEW.kind = 'simulation.run')
    EXECUTE FUNCTION create_simulation();

CREATE TRIGGER update_simulation
    AFTER UPDATE OF state ON task_runs
    FOR EACH ROW WHEN (NEW.kind = 'simulation.run' AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION update_simulation();

REVOKE EXECUTE ON FUNCTION create_simulation, update_simulation FROM PUBLIC;

-- Exports take no id of another either.
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
    -- The row is there where a service inserted it to ask for this very run. Any other's the run would overwrite.
    IF NOT FOUND AND NOT EXISTS (
        SELECT FROM export_jobs
        WHERE id = NEW.id AND coalesce(status, 'queued') = 'queued' AND requested_by = NEW.requested_by
          AND report_id = report.id AND export_format::text = NEW.args ->> 'format'
    ) THEN
        RAISE EXCEPTION 'the run id % is taken', NEW.id
            USING ERRCODE = 'invalid_parameter_value', HINT = 'An id of your own must be new.';
    END IF;
    RETURN NULL;
END
$$;
