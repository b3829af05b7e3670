-- The processes of this worker that hold runs.
SELECT DISTINCT worker_pid FROM task_runs WHERE state = 'executing' AND worker = :worker
