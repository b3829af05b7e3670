-- Working on a report together. idx_collaboration_sessions_session_id is left out: the UNIQUE is that index.
CREATE TYPE session_type AS ENUM ('chat', 'direct', 'collaborative');

CREATE TYPE participant_role AS ENUM ('owner', 'editor', 'commenter', 'viewer');

CREATE TYPE change_event_type AS ENUM (
    'section_update', 'content_edit', 'comment_added', 'insight_validated',
    'cursor_move'
);

CREATE TYPE collaboration_action_type AS ENUM ('view', 'edit', 'comment', 'approve', 'reject');

CREATE TABLE collaboration_sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    session_id varchar(255) NOT NULL,
    report_id uuid NOT NULL,
    session_type session_type DEFAULT 'collaborative',
    max_participants integer DEFAULT 10,
    conflict_resolution_strategy varchar(50) DEFAULT 'last_write_wins',
    session_timeout_minutes integer DEFAULT 60,
    participants jsonb DEFAULT '[]'::jsonb,
    active_editors jsonb DEFAULT '[]'::jsonb,
    locked_sections jsonb DEFAULT '{}'::jsonb,
    changes_log jsonb DEFAULT '[]'::jsonb,
    comments jsonb DEFAULT '[]'::jsonb,
    version_history jsonb DEFAULT '[]'::jsonb,
    is_active boolean DEFAULT true,
    started_at timestamptz DEFAULT now(),
    last_activity timestamptz DEFAULT now(),
    ended_at timestamptz,
    metadata jsonb DEFAULT '{}'::jsonb,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT collaboration_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT collaboration_sessions_max_participants_check CHECK (max_participants >= 1 AND max_participants <= 50),
    CONSTRAINT collaboration_sessions_conflict_resolution_strategy_check
        CHECK (conflict_resolution_strategy::text = ANY (ARRAY['last_write_wins', 'manual', 'merge'])),
    CONSTRAINT collaboration_sessions_session_timeout_minutes_check
        CHECK (session_timeout_minutes >= 5 AND session_timeout_minutes <= 480),
    CONSTRAINT collaboration_sessions_session_id_key UNIQUE (session_id),
    CONSTRAINT collaboration_sessions_report_id_fkey
        FOREIGN KEY (report_id) REFERENCES pmr_reports (id) ON DELETE CASCADE
);

CREATE INDEX idx_collaboration_sessions_active ON collaboration_sessions (is_active, last_activity DESC)
    WHERE is_active = true;
CREATE INDEX idx_collaboration_sessions_report ON collaboration_sessions (report_id, is_active) WHERE is_active = true;
CREATE INDEX idx_collaboration_sessions_report_started ON collaboration_sessions (report_id, started_at DESC);
CREATE INDEX idx_collaboration_sessions_started ON collaboration_sessions (started_at DESC);

CREATE TABLE edit_sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    user_id uuid NOT NULL,
    session_type session_type DEFAULT 'chat',
    chat_messages jsonb DEFAULT '[]'::jsonb,
    changes_made jsonb DEFAULT '[]'::jsonb,
    active_section varchar(100),
    is_active boolean DEFAULT true,
    started_at timestamptz DEFAULT now(),
    last_activity timestamptz DEFAULT now(),
    ended_at timestamptz,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT edit_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT edit_sessions_report_id_fkey FOREIGN KEY (report_id) REFERENCES pmr_reports (id) ON DELETE CASCADE,
    CONSTRAINT edit_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX idx_edit_sessions_active ON edit_sessions (is_active, last_activity DESC) WHERE is_active = true;
CREATE INDEX idx_edit_sessions_report ON edit_sessions (report_id, is_active) WHERE is_active = true;
CREATE INDEX idx_edit_sessions_report_user ON edit_sessions (report_id, user_id);
CREATE INDEX idx_edit_sessions_user ON edit_sessions (user_id, last_activity DESC);

CREATE TABLE pmr_collaboration (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    user_id uuid NOT NULL,
    action_type collaboration_action_type NOT NULL,
    section_id varchar(100),
    change_description text,
    change_data jsonb DEFAULT '{}'::jsonb,
    timestamp timestamptz DEFAULT now(),
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT pmr_collaboration_pkey PRIMARY KEY (id),
    CONSTRAINT pmr_collaboration_report_id_fkey FOREIGN KEY (report_id) REFERENCES pmr_reports (id) ON DELETE CASCADE,
    CONSTRAINT pmr_collaboration_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX idx_pmr_collaboration_action ON pmr_collaboration (action_type, timestamp DESC);
CREATE INDEX idx_pmr_collaboration_report ON pmr_collaboration (report_id, timestamp DESC);
CREATE INDEX idx_pmr_collaboration_section ON pmr_collaboration (report_id, section_id, timestamp DESC);
CREATE INDEX idx_pmr_collaboration_user ON pmr_collaboration (user_id, timestamp DESC);

CREATE TABLE pmr_comments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    comment_id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    section_id varchar(100) NOT NULL,
    user_id uuid NOT NULL,
    user_name varchar(255) NOT NULL,
    content text NOT NULL,
    parent_comment_id uuid,
    resolved boolean DEFAULT false,
    resolved_by uuid,
    resolved_at timestamptz,
    resolution_note text,
    mentions jsonb DEFAULT '[]'::jsonb,
    attachments jsonb DEFAULT '[]'::jsonb,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT pmr_comments_pkey PRIMARY KEY (id),
    CONSTRAINT pmr_comments_content_check CHECK (length(content) >= 1 AND length(content) <= 5000),
    CONSTRAINT pmr_comments_comment_id_key UNIQUE (comment_id),
    CONSTRAINT pmr_comments_report_id_fkey FOREIGN KEY (report_id) REFERENCES pmr_reports (id) ON DELETE CASCADE,
    CONSTRAINT pmr_comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE,
    CONSTRAINT pmr_comments_parent_comment_id_fkey
        FOREIGN KEY (parent_comment_id) REFERENCES pmr_comments (comment_id) ON DELETE CASCADE,
    CONSTRAINT pmr_comments_resolved_by_fkey FOREIGN KEY (resolved_by) REFERENCES auth.users (id) ON DELETE SET NULL
);

CREATE INDEX idx_pmr_comments_content_trgm ON pmr_comments USING gin (content gin_trgm_ops);
CREATE INDEX idx_pmr_comments_parent ON pmr_comments (parent_comment_id) WHERE parent_comment_id IS NOT NULL;
CREATE INDEX idx_pmr_comments_report ON pmr_comments (report_id, created_at DESC);
CREATE INDEX idx_pmr_comments_resolved_by ON pmr_comments (resolved_by) WHERE resolved_by IS NOT NULL;
CREATE INDEX idx_pmr_comments_section ON pmr_comments (report_id, section_id, created_at DESC);
CREATE INDEX idx_pmr_comments_unresolved ON pmr_comments (report_id, resolved) WHERE resolved = false;
CREATE INDEX idx_pmr_comments_user ON pmr_comments (user_id, created_at DESC);

CREATE TABLE pmr_change_events (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    event_id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    session_id uuid,
    event_type change_event_type NOT NULL,
    user_id uuid NOT NULL,
    user_name varchar(255) NOT NULL,
    section_id varchar(100),
    changes jsonb DEFAULT '{}'::jsonb,
    previous_value jsonb,
    new_value jsonb,
    metadata jsonb DEFAULT '{}'::jsonb,
    timestamp timestamptz DEFAULT now(),
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT pmr_change_events_pkey PRIMARY KEY (id),
    CONSTRAINT pmr_change_events_event_id_key UNIQUE (event_id),
    CONSTRAINT pmr_change_events_report_id_fkey FOREIGN KEY (report_id) REFERENCES pmr_reports (id) ON DELETE CASCADE,
    CONSTRAINT pmr_change_events_session_id_fkey
        FOREIGN KEY (session_id) REFERENCES collaboration_sessions (id) ON DELETE SET NULL,
    CONSTRAINT pmr_change_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX idx_pmr_change_events_created ON pmr_change_events (created_at);
CREATE INDEX idx_pmr_change_events_report ON pmr_change_events (report_id, timestamp DESC);
CREATE INDEX idx_pmr_change_events_section ON pmr_change_events (report_id, section_id, timestamp DESC);
CREATE INDEX idx_pmr_change_events_session ON pmr_change_events (session_id, timestamp DESC);
CREATE INDEX idx_pmr_change_events_type ON pmr_change_events (event_type, timestamp DESC);
CREATE INDEX idx_pmr_change_events_user ON pmr_change_events (user_id, timestamp DESC);
