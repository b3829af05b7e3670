CREATE TRIGGER update_job_descriptions_updated_at BEFORE UPDATE ON job_descriptions
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_user_preferences_updated_at BEFORE UPDATE ON user_preferences
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_document_comments_updated_at BEFORE UPDATE ON document_comments
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_translation_memory_updated_at BEFORE UPDATE ON translation_memory
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_terminology_glossary_updated_at BEFORE UPDATE ON terminology_glossary
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_approval_workflows_updated_at BEFORE UPDATE ON approval_workflows
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- With the rights of whoever calls it: a worker has those that it needs.
CREATE FUNCTION cleanup_expired_sessions() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    UPDATE editing_sessions SET status = 'expired' WHERE expires_at < now() AND status = 'active';
    DELETE FROM user_sessions WHERE expires_at < now();
    -- A server that was killed says no goodbye: then the last heartbeat is when the connection ended.
    DELETE FROM websocket_connections
    WHERE COALESCE(disconnected_at, last_heartbeat) < now() - interval '24 hours';
    UPDATE editing_locks SET released_at = now() WHERE expires_at < now() AND released_at IS NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION cleanup_expired_sessions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cleanup_expired_sessions TO dray_worker;

CREATE VIEW active_editing_sessions WITH (security_invoker = true) AS
SELECT
    count(*) AS active_sessions,
    -- The length of an empty array is NULL, which the average would pass over.
    avg(cardinality(collaborators)) AS avg_collaborators,
    max(last_activity) AS most_recent_activity
FROM editing_sessions
WHERE status = 'active';

CREATE VIEW websocket_connection_health WITH (security_invoker = true) AS
SELECT
    connection_status,
    count(*) AS connection_count,
    avg(EXTRACT(EPOCH FROM ((now() AT TIME ZONE 'UTC') - last_heartbeat))) AS avg_seconds_since_heartbeat
FROM websocket_connections
GROUP BY connection_status;

CREATE VIEW translation_memory_utilization WITH (security_invoker = true) AS
SELECT
    domain,
    count(*) AS total_entries,
    avg(usage_count) AS avg_usage,
    max(last_used) AS most_recent_use
FROM translation_memory
GROUP BY domain;

CREATE VIEW ai_suggestion_acceptance WITH (security_invoker = true) AS
SELECT
    suggestion_type,
    count(*) AS total_suggestions,
    count(*) FILTER (WHERE status = 'accepted') AS accepted,
    round(count(*) FILTER (WHERE status = 'accepted') * 100.0 / count(*), 2) AS acceptance_rate
FROM ai_suggestions
GROUP BY suggestion_type;

GRANT SELECT ON active_editing_sessions, websocket_connection_health, translation_memory_utilization,
    ai_suggestion_acceptance TO authenticated_users, dray_worker;
