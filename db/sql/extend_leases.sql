-- One heartbeat: every run whose process lives keeps its lease.
UPDATE task_runs
SET lease_until = clock_timestamp() + make_interval(secs => :lease_seconds)
WHERE state = 'executing' AND worker = :worker AND worker_pid = ANY (:pids)
