-- AI suggestions and enhancements for content improvement.
CREATE TABLE ai_suggestions (
    id serial PRIMARY KEY,
    job_id integer REFERENCES job_descriptions (id) ON DELETE CASCADE,
    session_id varchar(128) REFERENCES editing_sessions (session_id) ON DELETE SET NULL,
    user_id integer REFERENCES users (id),
    suggestion_type varchar(50) NOT NULL,
    ai_provider varchar(50),
    ai_model varchar(100),
    original_text text NOT NULL,
    suggested_text text NOT NULL,
    context_before text,
    context_after text,
    section_type varchar(50),
    confidence_score numeric(3, 2),
    explanation text,
    status varchar(20) DEFAULT 'pending',
    user_action varchar(20),
    applied_text text,
    metadata jsonb DEFAULT '{}',
    created_at timestamp DEFAULT now(),
    responded_at timestamp,
    fingerprint text GENERATED ALWAYS AS (md5(original_text) || md5(suggested_text)
        || md5(COALESCE(context_before, '')) || md5(COALESCE(context_after, ''))) STORED,
    CONSTRAINT check_confidence_score CHECK (confidence_score >= 0.0 AND confidence_score <= 1.0),
    CONSTRAINT ai_suggestions_natural_key UNIQUE NULLS NOT DISTINCT (job_id, user_id, suggestion_type, section_type,
        ai_provider, ai_model, fingerprint)
);

CREATE INDEX idx_ai_suggestions_job_id ON ai_suggestions (job_id);
CREATE INDEX idx_ai_suggestions_session_id ON ai_suggestions (session_id);
CREATE INDEX idx_ai_suggestions_type_status ON ai_suggestions (suggestion_type, status);
CREATE INDEX idx_ai_suggestions_created_at ON ai_suggestions (created_at);
CREATE INDEX idx_ai_suggestions_user_id ON ai_suggestions (user_id);

-- AI usage tracking for cost management and analytics.
CREATE TABLE ai_usage_sessions (
    id serial PRIMARY KEY,
    session_id varchar(128) REFERENCES editing_sessions (session_id) ON DELETE SET NULL,
    user_id integer REFERENCES users (id),
    ai_provider varchar(50) NOT NULL,
    feature_type varchar(50),
    tokens_used integer,
    api_calls integer DEFAULT 1,
    estimated_cost numeric(14, 8),
    response_time_ms integer,
    success boolean DEFAULT true,
    error_message text,
    created_at timestamp DEFAULT now(),
    call_key varchar(128),
    CONSTRAINT ai_usage_sessions_call_key_key UNIQUE (call_key)
);

CREATE INDEX idx_ai_usage_sessions_session_id ON ai_usage_sessions (session_id);
CREATE INDEX idx_ai_usage_sessions_user_id ON ai_usage_sessions (user_id);
CREATE INDEX idx_ai_usage_sessions_created_at ON ai_usage_sessions (created_at);

-- Content compliance validation.
CREATE TABLE compliance_checks (
    id serial PRIMARY KEY,
    job_id integer REFERENCES job_descriptions (id) ON DELETE CASCADE,
    session_id varchar(128) REFERENCES editing_sessions (session_id) ON DELETE SET NULL,
    check_type varchar(50) NOT NULL,
    rule_name varchar(100),
    rule_description text,
    compliance_status varchar(20),
    severity varchar(20) DEFAULT 'medium',
    location_start integer,
    location_end integer,
    section_type varchar(50),
    flagged_text text,
    recommendation text,
    auto_fixable boolean DEFAULT false,
    fix_applied boolean DEFAULT false,
    acknowledged_by integer REFERENCES users (id),
    acknowledged_at timestamp,
    created_at timestamp DEFAULT now(),
    fingerprint text GENERATED ALWAYS AS (md5(COALESCE(flagged_text, ''))) STORED,
    CONSTRAINT compliance_checks_natural_key UNIQUE NULLS NOT DISTINCT (job_id, check_type, rule_name, section_type,
        location_start, location_end, fingerprint)
);

CREATE INDEX idx_compliance_checks_session_id ON compliance_checks (session_id);
CREATE INDEX idx_compliance_checks_acknowledged_by ON compliance_checks (acknowledged_by);
