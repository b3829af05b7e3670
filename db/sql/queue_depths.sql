-- Runs that are due or in work, by queue, and how long the oldest has been due.
SELECT queue,
       count(*) FILTER (WHERE state = 'available') AS available,
       count(*) FILTER (WHERE state = 'dispatched') AS dispatched,
       count(*) FILTER (WHERE state = 'executing') AS executing,
       extract(epoch FROM now() - min(scheduled_at) FILTER (WHERE state = 'available')) AS oldest_available_seconds
FROM task_runs
WHERE state IN ('available', 'dispatched', 'executing')
GROUP BY queue
ORDER BY queue
