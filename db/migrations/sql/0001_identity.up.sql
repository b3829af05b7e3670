-- Who is asking. An identity service (Supabase, say) may have made all of this already: then it is left as it is.
DO $$
BEGIN
    -- Not IF NOT EXISTS: in somebody else's schema that is refused even where there is nothing to make.
    IF to_regclass('auth.users') IS NULL THEN
        CREATE SCHEMA IF NOT EXISTS auth;
        CREATE TABLE auth.users (
            id uuid DEFAULT gen_random_uuid() NOT NULL,
            email text,
            raw_user_meta_data jsonb,
            created_at timestamptz DEFAULT now(),
            CONSTRAINT users_pkey PRIMARY KEY (id),
            CONSTRAINT users_email_key UNIQUE (email)
        );
    END IF;
END
$$;

DO $$
BEGIN
    IF to_regprocedure('auth.uid()') IS NULL THEN
        -- After a commit the setting reads '' and not NULL, hence nullif.
        CREATE FUNCTION auth.uid() RETURNS uuid
        LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
        AS 'SELECT nullif(current_setting(''request.jwt.claim.sub'', true), '''')::uuid';
    END IF;
END
$$;

GRANT USAGE ON SCHEMA auth TO authenticated_users, dray_worker;
GRANT SELECT ON auth.users TO dray_worker;
