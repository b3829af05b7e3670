-- Editing sessions for real-time collaboration.
CREATE TABLE editing_sessions (
    id serial PRIMARY KEY,
    session_id varchar(128) UNIQUE NOT NULL,
    job_id integer REFERENCES job_descriptions (id) ON DELETE CASCADE,
    created_by integer REFERENCES users (id),
    session_type varchar(20) DEFAULT 'editing',
    status varchar(20) DEFAULT 'active',
    collaborators integer[] DEFAULT '{}',
    document_state jsonb DEFAULT '{}',
    editor_config jsonb DEFAULT '{}',
    metadata jsonb DEFAULT '{}',
    created_at timestamp DEFAULT now(),
    last_activity timestamp DEFAULT now(),
    expires_at timestamp,
    completed_at timestamp,
    CONSTRAINT check_session_type CHECK (session_type IN ('editing', 'translation', 'review', 'approval')),
    CONSTRAINT check_session_status CHECK (status IN ('active', 'paused', 'completed', 'cancelled', 'expired'))
);

CREATE INDEX idx_editing_sessions_job_id ON editing_sessions (job_id);
CREATE INDEX idx_editing_sessions_created_by ON editing_sessions (created_by);
CREATE INDEX idx_editing_sessions_status ON editing_sessions (status);
CREATE INDEX idx_editing_sessions_last_activity ON editing_sessions (last_activity);
CREATE INDEX idx_editing_sessions_expiry ON editing_sessions (expires_at) WHERE status = 'active';

-- Real-time document changes with operational transform support.
CREATE TABLE document_changes (
    id serial PRIMARY KEY,
    session_id varchar(128) REFERENCES editing_sessions (session_id) ON DELETE CASCADE,
    user_id integer REFERENCES users (id),
    change_sequence integer NOT NULL,
    change_type varchar(20) NOT NULL,
    operation_data jsonb NOT NULL,
    position integer NOT NULL,
    length integer DEFAULT 0,
    content_before text,
    content_after text,
    section_type varchar(50),
    "timestamp" timestamp DEFAULT now(),
    transformed_from integer REFERENCES document_changes (id) ON DELETE SET NULL,
    conflict_resolved boolean DEFAULT false,
    applied_at timestamp,
    reverted_at timestamp,
    CONSTRAINT check_change_type CHECK (change_type IN ('insert', 'delete', 'retain', 'format', 'replace'))
);

CREATE INDEX idx_document_changes_session_id ON document_changes (session_id);
CREATE INDEX idx_document_changes_user_id ON document_changes (user_id);
CREATE INDEX idx_document_changes_timestamp ON document_changes ("timestamp");
CREATE INDEX idx_document_changes_sequence ON document_changes (session_id, change_sequence);
CREATE INDEX idx_document_changes_transformed_from ON document_changes (transformed_from);

-- WebSocket connection tracking for real-time features.
CREATE TABLE websocket_connections (
    id serial PRIMARY KEY,
    session_id varchar(128) REFERENCES editing_sessions (session_id) ON DELETE CASCADE,
    user_id integer REFERENCES users (id),
    connection_id varchar(128) UNIQUE NOT NULL,
    server_instance varchar(100),
    connected_at timestamp DEFAULT now(),
    last_heartbeat timestamp DEFAULT now(),
    disconnected_at timestamp,
    user_agent text,
    ip_address inet,
    connection_status varchar(20) DEFAULT 'active'
);

CREATE INDEX idx_websocket_connections_session_id ON websocket_connections (session_id);
CREATE INDEX idx_websocket_connections_user_id ON websocket_connections (user_id);
CREATE INDEX idx_websocket_connections_status ON websocket_connections (connection_status);
CREATE INDEX idx_websocket_connections_gone ON websocket_connections (COALESCE(disconnected_at, last_heartbeat));

-- Collaborative editing locks (prevent conflicts on specific sections).
CREATE TABLE editing_locks (
    id serial PRIMARY KEY,
    session_id varchar(128) REFERENCES editing_sessions (session_id) ON DELETE CASCADE,
    user_id integer REFERENCES users (id),
    resource_type varchar(50) NOT NULL,
    resource_identifier varchar(255) NOT NULL,
    lock_type varchar(20) DEFAULT 'exclusive',
    acquired_at timestamp DEFAULT now(),
    expires_at timestamp,
    released_at timestamp,
    auto_release boolean DEFAULT true
);

CREATE INDEX idx_editing_locks_session_id ON editing_locks (session_id);
CREATE INDEX idx_editing_locks_user_id ON editing_locks (user_id);
CREATE INDEX idx_editing_locks_held ON editing_locks (expires_at) WHERE released_at IS NULL;

-- Comments and annotations on documents.
CREATE TABLE document_comments (
    id serial PRIMARY KEY,
    job_id integer REFERENCES job_descriptions (id) ON DELETE CASCADE,
    session_id varchar(128) REFERENCES editing_sessions (session_id) ON DELETE SET NULL,
    user_id integer REFERENCES users (id),
    comment_text text NOT NULL,
    comment_type varchar(20) DEFAULT 'general',
    position_start integer,
    position_end integer,
    section_type varchar(50),
    referenced_text text,
    status varchar(20) DEFAULT 'open',
    parent_comment_id integer REFERENCES document_comments (id) ON DELETE SET NULL,
    resolved_by integer REFERENCES users (id),
    resolved_at timestamp,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now()
);

CREATE INDEX idx_document_comments_job_id ON document_comments (job_id);
CREATE INDEX idx_document_comments_session_id ON document_comments (session_id);
CREATE INDEX idx_document_comments_user_id ON document_comments (user_id);
CREATE INDEX idx_document_comments_parent_comment_id ON document_comments (parent_comment_id);
CREATE INDEX idx_document_comments_resolved_by ON document_comments (resolved_by);
