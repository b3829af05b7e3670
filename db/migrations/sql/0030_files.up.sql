-- Files that people hand in. Args name them by id; the bytes lie in the file store.
CREATE TABLE uploaded_files (
    id uuid DEFAULT uuid_v7() NOT NULL,
    owner_id uuid NOT NULL,
    key text NOT NULL,
    name varchar(255) NOT NULL,
    media_type varchar(100) NOT NULL,
    size bigint NOT NULL,
    sha256 varchar(64) NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    expires_at timestamptz DEFAULT now() + '7 days'::interval NOT NULL,
    CONSTRAINT uploaded_files_pkey PRIMARY KEY (id),
    CONSTRAINT uploaded_files_key_key UNIQUE (key),
    CONSTRAINT uploaded_files_size_check CHECK (size >= 0),
    -- Nobody names another's file, or an export's, as theirs.
    CONSTRAINT uploaded_files_key_check CHECK (key ~ '^uploads/[0-9a-f-]{36}/[^/]+$' AND split_part(key, '/', 2) = owner_id::text),
    CONSTRAINT uploaded_files_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX uploaded_files_owner_id_idx ON uploaded_files (owner_id);
CREATE INDEX uploaded_files_expires_at_idx ON uploaded_files (expires_at);

ALTER TABLE uploaded_files ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator_all ON uploaded_files TO dray_migrator USING (true);
CREATE POLICY own ON uploaded_files FOR SELECT TO authenticated_users USING (owner_id = (SELECT auth.uid()));
CREATE POLICY own_new ON uploaded_files FOR INSERT TO authenticated_users WITH CHECK (owner_id = (SELECT auth.uid()));
CREATE POLICY worker_reads ON uploaded_files FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_removes ON uploaded_files FOR DELETE TO dray_worker USING (true);
GRANT SELECT ON uploaded_files TO authenticated_users;
GRANT INSERT (owner_id, key, name, media_type, size, sha256) ON uploaded_files TO authenticated_users;
GRANT SELECT, DELETE ON uploaded_files TO dray_worker;
