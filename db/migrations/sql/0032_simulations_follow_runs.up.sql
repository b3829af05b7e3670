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
