-- Whether an attempt was told to stop, and why.
SELECT coalesce(reason, 'It was called off.') AS reason
FROM task_runs
WHERE id = :id AND attempt = :attempt AND cancel_requested_at IS NOT NULL
