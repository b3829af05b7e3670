-- Begin an attempt: count it, take the lease, note the attempt. No row comes back when someone else was first.
WITH claimed AS (
    UPDATE task_runs
    SET state = 'executing',
        attempt = attempt + 1,
        started_at = clock_timestamp(),
        lease_until = clock_timestamp() + make_interval(secs => :lease_seconds),
        worker = :worker,
        worker_pid = :worker_pid,
        progress = NULL,
        progress_message = NULL
    WHERE id = :id AND state IN ('available', 'dispatched')
      AND (attempt > 0 OR expires_at IS NULL OR expires_at > clock_timestamp())
    RETURNING *
), noted AS (
    INSERT INTO task_attempts (run_id, attempt, started_at, worker)
    SELECT id, attempt, started_at, worker FROM claimed
)
SELECT id, kind, args, args_version, checkpoint, attempt, uncharged, max_attempts, requested_by, trace_context FROM claimed
