-- End an attempt. The guard is the fence: whoever lost the lease changes nothing, and gets no row back.
WITH settled AS (
    UPDATE task_runs
    SET state = :state,
        uncharged = uncharged + :uncharged,
        scheduled_at = coalesce(clock_timestamp() + make_interval(secs => :due_in_seconds), scheduled_at),
        finalized_at = CASE WHEN :final THEN clock_timestamp() END,
        lease_until = NULL,
        worker = NULL,
        worker_pid = NULL,
        progress = CASE WHEN :state = 'completed'::run_state THEN 1 ELSE progress END,
        result = :result,
        reason = :reason,
        last_error = :last_error
    WHERE id = :id AND attempt = :attempt AND state = 'executing'
    RETURNING id, attempt
), closed AS (
    UPDATE task_attempts a
    SET finished_at = clock_timestamp(),
        outcome = :outcome,
        error_type = :error_type,
        error_message = :error_message,
        error_traceback = :error_traceback
    FROM settled
    WHERE a.run_id = settled.id AND a.attempt = settled.attempt
)
SELECT id FROM settled
