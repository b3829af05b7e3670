-- The runs of this worker that were told to stop, each with the process that holds it.
SELECT id, attempt, worker_pid
FROM task_runs
WHERE state = 'executing' AND worker = :worker AND cancel_requested_at IS NOT NULL
