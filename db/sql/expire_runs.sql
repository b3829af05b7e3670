-- Runs that did not begin before their deadline.
UPDATE task_runs
SET state = 'cancelled', finalized_at = clock_timestamp(), reason = 'It did not begin before its deadline.'
WHERE id IN (
    SELECT id FROM task_runs
    WHERE expires_at < now() AND attempt = 0 AND state IN ('scheduled', 'available', 'dispatched')
    ORDER BY expires_at
    LIMIT :batch
    FOR UPDATE SKIP LOCKED
)
RETURNING id
