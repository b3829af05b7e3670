-- The runs to ring next, most urgent first, each queue up to the room it has left in the broker.
-- They stay locked until the relay commits, so that relays side by side take different ones.
SELECT taken.id, taken.kind, taken.queue, taken.priority
FROM unnest(CAST(:queues AS text[])) AS q (name)
CROSS JOIN LATERAL (
    SELECT greatest(:window - count(*), 0) AS room
    FROM task_runs
    WHERE state = 'dispatched' AND queue = q.name
) AS free
CROSS JOIN LATERAL (
    SELECT id, kind, queue, priority
    FROM task_runs
    WHERE state = 'available' AND queue = q.name
    ORDER BY priority, scheduled_at, id
    LIMIT least(free.room, :batch)
    FOR UPDATE SKIP LOCKED
) AS taken
