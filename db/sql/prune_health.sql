-- One small batch of old notes on how the system was.
DELETE FROM system_health
WHERE id IN (
    SELECT id FROM system_health
    WHERE checked_at < now() - make_interval(days => :keep_days)
    ORDER BY checked_at
    LIMIT :batch
)
