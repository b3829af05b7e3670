-- How long rings waited for a worker in the last minutes, and the rings that wait still.
WITH answered AS (
    SELECT extract(epoch FROM started_at - dispatched_at) AS waited
    FROM task_runs
    WHERE (finalized_at > now() - make_interval(secs => :window_seconds) OR state = 'executing')
      AND started_at >= dispatched_at AND started_at > now() - make_interval(secs => :window_seconds)
), unanswered AS (
    SELECT count(*) AS rings, extract(epoch FROM now() - min(dispatched_at)) AS oldest
    FROM task_runs
    WHERE state = 'dispatched'
)
SELECT (SELECT count(*) FROM answered) AS answered,
       (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) FROM answered) AS median_seconds,
       (SELECT max(waited) FROM answered) AS longest_seconds,
       unanswered.rings AS unanswered,
       unanswered.oldest AS oldest_unanswered_seconds
FROM unanswered
