DROP TABLE user_permissions;
DROP TABLE user_preferences;
DROP TABLE user_sessions;
DROP TABLE users;
DROP FUNCTION current_user_id;
DROP FUNCTION tie_user_to_identity;
DROP FUNCTION update_updated_at_column;
