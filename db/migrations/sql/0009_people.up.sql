-- One function for every table with the column, whether it keeps the zone or not: without one it holds UTC.
CREATE FUNCTION update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Users table for authentication and authorization.
CREATE TABLE users (
    id serial PRIMARY KEY,
    username varchar(100) NOT NULL,
    email varchar(255) NOT NULL,
    password_hash varchar(255) NOT NULL,
    first_name varchar(100),
    last_name varchar(100),
    role varchar(50) DEFAULT 'user',
    department varchar(100),
    security_clearance varchar(20),
    preferred_language varchar(5) DEFAULT 'en',
    is_active boolean DEFAULT true,
    last_login timestamp,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now(),
    auth_user_id uuid,
    CONSTRAINT idx_users_username UNIQUE (username),
    CONSTRAINT idx_users_email UNIQUE (email),
    CONSTRAINT users_auth_user_id_key UNIQUE (auth_user_id),
    CONSTRAINT users_auth_user_id_fkey FOREIGN KEY (auth_user_id) REFERENCES auth.users (id) ON DELETE SET NULL,
    -- Who has no identity can't be active: they could never be told from anyone else.
    CONSTRAINT users_identity_check CHECK (auth_user_id IS NOT NULL OR is_active IS NOT TRUE)
);

CREATE INDEX idx_users_role ON users (role);

-- User sessions for authentication tracking.
CREATE TABLE user_sessions (
    id serial PRIMARY KEY,
    user_id integer REFERENCES users (id) ON DELETE CASCADE,
    session_token varchar(255) NOT NULL,
    ip_address inet,
    user_agent text,
    expires_at timestamp NOT NULL,
    created_at timestamp DEFAULT now(),
    last_activity timestamp DEFAULT now(),
    CONSTRAINT idx_user_sessions_token UNIQUE (session_token)
);

CREATE INDEX idx_user_sessions_expires_at ON user_sessions (expires_at);
CREATE INDEX idx_user_sessions_user_id ON user_sessions (user_id);

-- User preferences and settings.
CREATE TABLE user_preferences (
    id serial PRIMARY KEY,
    user_id integer REFERENCES users (id) ON DELETE CASCADE,
    preference_key varchar(100) NOT NULL,
    preference_value jsonb,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (user_id, preference_key)
);

-- User permissions for fine-grained access control.
CREATE TABLE user_permissions (
    id serial PRIMARY KEY,
    user_id integer REFERENCES users (id) ON DELETE CASCADE,
    resource_type varchar(50) NOT NULL,
    resource_id integer,
    permission_type varchar(20) NOT NULL,
    granted_by integer REFERENCES users (id),
    granted_at timestamp DEFAULT now(),
    expires_at timestamp,
    UNIQUE NULLS NOT DISTINCT (user_id, resource_type, resource_id, permission_type)
);

CREATE INDEX idx_user_permissions_granted_by ON user_permissions (granted_by);

-- A person is one person. The identity service decides who exists, and nothing here ever writes to `auth`: a new user
-- is tied to the identity with the same e-mail address; one who loses theirs is deactivated and keeps their history.
CREATE FUNCTION tie_user_to_identity() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.auth_user_id IS NULL THEN
        SELECT id INTO NEW.auth_user_id FROM auth.users
        WHERE lower(email) = lower(NEW.email) ORDER BY created_at, id LIMIT 1;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.auth_user_id IS NULL AND OLD.auth_user_id IS NOT NULL THEN
        NEW.is_active := false;
    END IF;
    IF NEW.auth_user_id IS NULL AND NEW.is_active THEN
        RAISE EXCEPTION 'no identity has the e-mail address %', NEW.email
            USING ERRCODE = 'check_violation', HINT = 'Make the person in auth.users first, or insert them inactive.';
    END IF;
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION tie_user_to_identity FROM PUBLIC;

CREATE TRIGGER tie_user_to_identity BEFORE INSERT OR UPDATE OF auth_user_id, is_active ON users
    FOR EACH ROW EXECUTE FUNCTION tie_user_to_identity();

-- Who is asking, as a number: NULL for nobody, for a stranger and for someone deactivated, so that nothing matches.
CREATE FUNCTION current_user_id() RETURNS integer
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT id FROM public.users WHERE auth_user_id = auth.uid() AND is_active
$$;
REVOKE EXECUTE ON FUNCTION current_user_id FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_user_id TO authenticated_users, dray_worker;
