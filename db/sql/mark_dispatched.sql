-- The broker has their rings.
UPDATE task_runs
SET state = 'dispatched', dispatched_at = clock_timestamp()
WHERE id = ANY (:ids) AND state = 'available'
