-- Row security holds for the owner too, so that no statement passes by it unseen. What runs as the owner (enqueue_run, the
-- triggers, owner_of_token, migrations) has a policy of its own.
CREATE POLICY migrator_all ON task_runs TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON task_attempts TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON api_tokens TO dray_migrator USING (true) WITH CHECK (true);
ALTER TABLE task_runs FORCE ROW LEVEL SECURITY;
ALTER TABLE task_attempts FORCE ROW LEVEL SECURITY;
ALTER TABLE api_tokens FORCE ROW LEVEL SECURITY;
