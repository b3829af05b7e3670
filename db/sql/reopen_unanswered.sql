-- Rings that nobody answered in time: the broker lost them, or the worker that took them died before the claim.
UPDATE task_runs
SET state = 'available'
WHERE id IN (
    SELECT id FROM task_runs
    WHERE state = 'dispatched'
      AND queue = :queue
      AND dispatched_at < now() - make_interval(secs => :ring_timeout_seconds)
    ORDER BY dispatched_at
    LIMIT :batch
    FOR UPDATE SKIP LOCKED
)
RETURNING id
