-- Scheduled runs whose time has come become available.
UPDATE task_runs
SET state = 'available'
WHERE id IN (
    SELECT id FROM task_runs
    WHERE state = 'scheduled' AND scheduled_at <= now()
    ORDER BY scheduled_at
    LIMIT :batch
    FOR UPDATE SKIP LOCKED
)
RETURNING id
