DROP TRIGGER check_rights ON task_runs;
DROP FUNCTION check_rights;
DROP FUNCTION person_has_right;
DROP FUNCTION has_right;
ALTER TABLE task_kinds DROP COLUMN needs;
