-- How far a long task has come. The guard is the fence, as in settling.
UPDATE task_runs
SET checkpoint = :checkpoint
WHERE id = :id AND attempt = :attempt AND state = 'executing'
RETURNING id
