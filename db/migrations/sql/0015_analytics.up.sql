-- Enhanced usage analytics for Phase 2 features.
CREATE TABLE usage_analytics (
    id serial PRIMARY KEY,
    user_id integer REFERENCES users (id),
    session_id varchar(128),
    action_type varchar(50) NOT NULL,
    feature_used varchar(50),
    duration_seconds integer,
    success boolean DEFAULT true,
    metadata jsonb DEFAULT '{}',
    ip_address inet,
    user_agent text,
    created_at timestamp DEFAULT now()
);

CREATE INDEX idx_usage_analytics_user_id ON usage_analytics (user_id);
CREATE INDEX idx_usage_analytics_session_id ON usage_analytics (session_id);
CREATE INDEX idx_usage_analytics_created_at ON usage_analytics (created_at);

-- Performance metrics tracking.
CREATE TABLE performance_metrics (
    id serial PRIMARY KEY,
    metric_type varchar(50) NOT NULL,
    metric_value numeric(10, 3),
    measurement_unit varchar(20),
    context jsonb DEFAULT '{}',
    measured_at timestamp DEFAULT now()
);

CREATE INDEX idx_performance_metrics_type ON performance_metrics (metric_type, measured_at);
CREATE INDEX idx_performance_metrics_measured_at ON performance_metrics (measured_at);

-- User activity logs for audit trails.
CREATE TABLE activity_logs (
    id serial PRIMARY KEY,
    user_id integer REFERENCES users (id),
    action varchar(100) NOT NULL,
    resource_type varchar(50),
    resource_id integer,
    details jsonb DEFAULT '{}',
    ip_address inet,
    user_agent text,
    session_id varchar(128),
    created_at timestamp DEFAULT now()
);

CREATE INDEX idx_activity_logs_user_id ON activity_logs (user_id);
CREATE INDEX idx_activity_logs_action ON activity_logs (action);
CREATE INDEX idx_activity_logs_created_at ON activity_logs (created_at);
CREATE INDEX idx_activity_logs_resource ON activity_logs (resource_type, resource_id);

-- System health monitoring.
CREATE TABLE system_health (
    id serial PRIMARY KEY,
    component varchar(50) NOT NULL,
    status varchar(20) NOT NULL,
    metrics jsonb DEFAULT '{}',
    error_message text,
    checked_at timestamp DEFAULT now()
);

CREATE INDEX idx_system_health_component ON system_health (component, checked_at);
CREATE INDEX idx_system_health_checked_at ON system_health (checked_at);
