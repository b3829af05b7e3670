-- An export whose run is gone (pruned, or inserted by a service before there were runs) waits for ever: nothing works on
-- it, and its status follows no run. Workers may not write the status of an export, hence SECURITY DEFINER.
CREATE FUNCTION fail_stuck_exports(older_than interval) RETURNS integer
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    failed integer;
BEGIN
    UPDATE export_jobs e
    SET status = 'failed',
        error_message = 'Nothing works on this export any more: no run of it is left. Ask for the export again.'
    WHERE (e.status IN ('queued', 'processing') OR e.status IS NULL)
      AND coalesce(e.started_at, e.created_at, e.updated_at) < now() - older_than
      AND NOT EXISTS (SELECT FROM task_runs r WHERE r.id = e.id AND export_job_status_of(r.state) <> 'failed');
    GET DIAGNOSTICS failed = ROW_COUNT;
    RETURN failed;
END
$$;

REVOKE EXECUTE ON FUNCTION fail_stuck_exports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fail_stuck_exports TO dray_worker;
