-- The server's own count of the rows that this transaction has changed or deleted so far, by table. It counts on from
-- earlier transactions of the same connection: only differences within one transaction mean something.
SELECT relname, n_tup_upd + n_tup_del AS changes
FROM pg_stat_xact_user_tables
WHERE schemaname = 'public' AND relname IN ('editing_sessions', 'user_sessions', 'websocket_connections', 'editing_locks')
