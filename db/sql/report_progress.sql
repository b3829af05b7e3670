-- How far the attempt is. Written beside the task's own transaction, and only while it still holds the run.
UPDATE task_runs
SET progress = :fraction, progress_message = :message
WHERE id = :id AND attempt = :attempt AND state = 'executing'
