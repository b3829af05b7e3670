-- Queues with rings that wait too long for an answer, and how many rings of theirs the broker should hold.
SELECT queue, count(*) AS dispatched
FROM task_runs
WHERE state = 'dispatched'
GROUP BY queue
HAVING min(dispatched_at) < now() - make_interval(secs => :ring_timeout_seconds)
