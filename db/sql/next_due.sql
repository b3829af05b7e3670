-- Seconds until the next scheduled run is due; no row's worth (NULL) when nothing is scheduled.
SELECT extract(epoch FROM min(scheduled_at) - clock_timestamp())::float FROM task_runs WHERE state = 'scheduled'
