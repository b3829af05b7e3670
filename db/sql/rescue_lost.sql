-- Runs whose lease ended: the worker is gone. The attempt counts, so that a run that kills its worker can't loop. One
-- that was told to stop has stopped. Any other's reason is an earlier attempt's, and no longer true.
WITH lost AS (
    SELECT id, attempt, worker, CASE
        WHEN cancel_requested_at IS NOT NULL THEN 'cancelled'
        WHEN attempt - uncharged >= max_attempts THEN 'discarded'
        ELSE 'available'
    END::run_state AS next
    FROM task_runs
    WHERE state = 'executing' AND lease_until < now()
    ORDER BY lease_until
    LIMIT :batch
    FOR UPDATE SKIP LOCKED
), closed AS (
    UPDATE task_attempts a
    SET finished_at = clock_timestamp(),
        outcome = 'lost',
        error_type = 'LeaseLost',
        error_message = format('The worker %s stopped extending its lease.', lost.worker)
    FROM lost
    WHERE a.run_id = lost.id AND a.attempt = lost.attempt
)
UPDATE task_runs r
SET state = lost.next,
    finalized_at = CASE WHEN lost.next <> 'available' THEN clock_timestamp() END,
    reason = CASE WHEN lost.next = 'cancelled' THEN r.reason END,
    last_error = format('LeaseLost: the worker %s stopped extending its lease.', lost.worker),
    lease_until = NULL,
    worker = NULL,
    worker_pid = NULL
FROM lost
WHERE r.id = lost.id
RETURNING r.id, r.kind, r.attempt, r.state
