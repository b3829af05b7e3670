DROP TABLE task_attempts;
DROP TABLE task_runs;
DROP TABLE task_kinds;
DROP TYPE run_state;
DROP TYPE attempt_outcome;
DROP FUNCTION uuid_v7();
