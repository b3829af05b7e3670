DROP TRIGGER update_simulation ON task_runs;
DROP TRIGGER create_simulation ON task_runs;
DROP FUNCTION update_simulation;
DROP FUNCTION create_simulation;
DROP FUNCTION simulation_status_of;
