-- End an attempt. The guard is the fence: whoever lost the lease changes nothing, and gets no row back. A run that was
-- told to stop doesn't come back for another attempt.
WITH settled AS (
    UPDATE task_runs
    SET state = CASE WHEN cancel_requested_at IS NOT NULL AND NOT :final THEN 'cancelled'::run_state ELSE CAST(:state AS run_state) END,
        uncharged = uncharged + :uncharged,
        scheduled_at = coalesce(clock_timestamp() + make_interval(secs => :due_in_seconds), scheduled_at),
        finalized_at = CASE WHEN :final OR cancel_requested_at IS NOT NULL THEN clock_timestamp() END,
        lease_until = NULL,
        worker = NULL,
        worker_pid = NULL,
        progress = CASE WHEN CAST(:state AS run_state) = 'completed' THEN 1 ELSE progress END,
        result = :result,
        reason = CASE WHEN cancel_requested_at IS NOT NULL AND NOT :final THEN reason ELSE :reason END,
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
