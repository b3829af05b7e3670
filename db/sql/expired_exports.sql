-- One batch of completed exports whose files have been kept long enough, oldest first, locked until they are cleared.
SELECT id, file_url AS place
FROM export_jobs
WHERE status = 'completed' AND file_url LIKE 'store://%' AND completed_at < now() - make_interval(days => :keep_days)
ORDER BY completed_at
LIMIT :batch
FOR UPDATE SKIP LOCKED
