ALTER TABLE api_tokens NO FORCE ROW LEVEL SECURITY;
ALTER TABLE task_attempts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE task_runs NO FORCE ROW LEVEL SECURITY;
DROP POLICY migrator_all ON api_tokens;
DROP POLICY migrator_all ON task_attempts;
DROP POLICY migrator_all ON task_runs;
