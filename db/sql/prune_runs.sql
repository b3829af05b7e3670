-- One small batch of runs that ended long enough ago. Their attempts go with them.
DELETE FROM task_runs
WHERE id IN (
    SELECT id FROM task_runs
    WHERE finalized_at < now() - make_interval(days => least(:completed_after_days, :discarded_after_days))
      AND finalized_at < now() - make_interval(
          days => CASE WHEN state = 'discarded' THEN :discarded_after_days ELSE :completed_after_days END)
    ORDER BY finalized_at
    LIMIT :batch
    FOR UPDATE SKIP LOCKED
)
