-- One batch of uploaded files past their time. One that a run still has to read stays until that run is over.
SELECT id, key AS place
FROM uploaded_files f
WHERE expires_at < now()
  AND NOT EXISTS (
      SELECT FROM task_runs
      WHERE state NOT IN ('completed', 'discarded', 'cancelled') AND args ->> 'file_id' = f.id::text
  )
ORDER BY expires_at
LIMIT :batch
