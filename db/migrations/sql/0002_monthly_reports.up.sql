CREATE TYPE project_status AS ENUM ('planning', 'active', 'on-hold', 'completed', 'cancelled');

CREATE TYPE project_health AS ENUM ('green', 'yellow', 'red');

CREATE TYPE pmr_template_type AS ENUM ('executive', 'technical', 'financial', 'custom');

CREATE TYPE pmr_status AS ENUM ('draft', 'review', 'approved', 'distributed');

CREATE TYPE ai_insight_type AS ENUM ('prediction', 'recommendation', 'alert', 'summary');

CREATE TYPE ai_insight_category AS ENUM ('budget', 'schedule', 'resource', 'risk', 'quality');

CREATE TYPE validation_status AS ENUM ('pending', 'validated', 'rejected', 'needs_review');

CREATE TYPE ai_insight_priority AS ENUM ('low', 'medium', 'high', 'critical');

CREATE TYPE export_format AS ENUM ('pdf', 'excel', 'slides', 'word', 'powerpoint');

CREATE TYPE export_job_status AS ENUM ('queued', 'processing', 'completed', 'failed');

CREATE TABLE projects (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name varchar(255) NOT NULL,
    description text,
    status project_status DEFAULT 'planning' NOT NULL,
    priority varchar(20),
    health project_health DEFAULT 'green' NOT NULL,
    budget numeric(15, 2),
    actual_cost numeric(15, 2) DEFAULT 0,
    currency varchar(3) DEFAULT 'CAD' NOT NULL,
    percentage_complete numeric(5, 2),
    start_date date,
    end_date date,
    portfolio_id uuid,
    program_id uuid,
    manager_id uuid,
    created_by uuid,
    team_members jsonb DEFAULT '[]'::jsonb NOT NULL,
    archived boolean DEFAULT false NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT projects_pkey PRIMARY KEY (id),
    CONSTRAINT projects_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT projects_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE SET NULL
);

CREATE INDEX idx_projects_created_by ON projects (created_by);
CREATE INDEX idx_projects_manager ON projects (manager_id);

CREATE TABLE project_members (
    project_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role varchar(50) DEFAULT 'member' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT project_members_pkey PRIMARY KEY (project_id, user_id),
    CONSTRAINT project_members_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT project_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX idx_project_members_user ON project_members (user_id);

CREATE TABLE pmr_templates (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name varchar(255) NOT NULL,
    description text,
    template_type pmr_template_type NOT NULL,
    industry_focus varchar(100),
    sections jsonb DEFAULT '[]'::jsonb NOT NULL,
    default_metrics jsonb DEFAULT '[]'::jsonb,
    ai_suggestions jsonb DEFAULT '{}'::jsonb,
    branding_config jsonb DEFAULT '{}'::jsonb,
    export_formats jsonb DEFAULT '[]'::jsonb,
    is_public boolean DEFAULT false,
    created_by uuid NOT NULL,
    organization_id uuid,
    usage_count integer DEFAULT 0,
    rating numeric(3, 2),
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT pmr_templates_pkey PRIMARY KEY (id),
    CONSTRAINT pmr_templates_usage_count_check CHECK (usage_count >= 0),
    CONSTRAINT pmr_templates_rating_check CHECK (rating >= 0.0 AND rating <= 5.0),
    CONSTRAINT pmr_templates_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX idx_pmr_templates_created_by ON pmr_templates (created_by);
CREATE INDEX idx_pmr_templates_name_trgm ON pmr_templates USING gin (name gin_trgm_ops);
CREATE INDEX idx_pmr_templates_organization ON pmr_templates (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX idx_pmr_templates_public ON pmr_templates (is_public, template_type) WHERE is_public = true;
CREATE INDEX idx_pmr_templates_type ON pmr_templates (template_type, is_public);
CREATE INDEX idx_pmr_templates_usage ON pmr_templates (usage_count DESC, rating DESC);

CREATE TABLE pmr_reports (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    report_month date NOT NULL,
    report_year integer NOT NULL,
    template_id uuid NOT NULL,
    title varchar(255) NOT NULL,
    executive_summary text,
    ai_generated_insights jsonb DEFAULT '[]'::jsonb,
    ai_generated_summary text,
    ai_confidence_scores jsonb DEFAULT '{}'::jsonb,
    ai_insight_engine_config jsonb DEFAULT '{}'::jsonb,
    last_ai_update timestamptz,
    ai_processing_time_seconds numeric(10, 3),
    sections jsonb DEFAULT '[]'::jsonb NOT NULL,
    metrics jsonb DEFAULT '{}'::jsonb,
    visualizations jsonb DEFAULT '[]'::jsonb,
    monte_carlo_analysis jsonb,
    monte_carlo_enabled boolean DEFAULT false,
    monte_carlo_simulation_id uuid,
    collaboration_enabled boolean DEFAULT false,
    collaboration_session_id uuid,
    last_collaboration_activity timestamptz,
    total_collaborators integer DEFAULT 0,
    export_history jsonb DEFAULT '[]'::jsonb,
    template_customizations jsonb DEFAULT '{}'::jsonb,
    real_time_metrics jsonb,
    metrics_refresh_interval_seconds integer DEFAULT 300,
    status pmr_status DEFAULT 'draft',
    generated_by uuid NOT NULL,
    approved_by uuid,
    generated_at timestamptz DEFAULT now(),
    last_modified timestamptz DEFAULT now(),
    version integer DEFAULT 1,
    is_active boolean DEFAULT true,
    generation_time_seconds numeric(10, 3),
    total_edits integer DEFAULT 0,
    audit_log jsonb DEFAULT '[]'::jsonb,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT pmr_reports_pkey PRIMARY KEY (id),
    CONSTRAINT pmr_reports_project_id_report_month_report_year_version_key UNIQUE (project_id, report_month, report_year, version),
    CONSTRAINT pmr_reports_report_year_check CHECK (report_year >= 2020 AND report_year <= 2030),
    CONSTRAINT pmr_reports_total_collaborators_check CHECK (total_collaborators >= 0),
    CONSTRAINT pmr_reports_metrics_refresh_interval_seconds_check CHECK (metrics_refresh_interval_seconds >= 60 AND metrics_refresh_interval_seconds <= 3600),
    CONSTRAINT pmr_reports_version_check CHECK (version >= 1),
    CONSTRAINT pmr_reports_total_edits_check CHECK (total_edits >= 0),
    CONSTRAINT pmr_reports_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT pmr_reports_template_id_fkey FOREIGN KEY (template_id) REFERENCES pmr_templates (id) ON DELETE RESTRICT,
    CONSTRAINT pmr_reports_generated_by_fkey FOREIGN KEY (generated_by) REFERENCES auth.users (id) ON DELETE RESTRICT,
    CONSTRAINT pmr_reports_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES auth.users (id) ON DELETE SET NULL
);

CREATE INDEX idx_pmr_reports_active ON pmr_reports (project_id, is_active) WHERE is_active = true;
CREATE INDEX idx_pmr_reports_approved_by ON pmr_reports (approved_by) WHERE approved_by IS NOT NULL;
CREATE INDEX idx_pmr_reports_collaboration ON pmr_reports (collaboration_session_id) WHERE collaboration_enabled = true;
CREATE INDEX idx_pmr_reports_generated_by ON pmr_reports (generated_by);
CREATE INDEX idx_pmr_reports_last_modified ON pmr_reports (last_modified DESC);
CREATE INDEX idx_pmr_reports_monte_carlo ON pmr_reports (monte_carlo_simulation_id) WHERE monte_carlo_enabled = true;
CREATE INDEX idx_pmr_reports_project_month ON pmr_reports (project_id, report_month DESC, report_year DESC);
CREATE INDEX idx_pmr_reports_status ON pmr_reports (status, generated_at DESC);
CREATE INDEX idx_pmr_reports_template ON pmr_reports (template_id);
CREATE INDEX idx_pmr_reports_year_month ON pmr_reports (report_year, report_month);

CREATE TABLE ai_insights (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    insight_type ai_insight_type NOT NULL,
    category ai_insight_category NOT NULL,
    title varchar(255) NOT NULL,
    content text NOT NULL,
    confidence_score numeric(3, 2) NOT NULL,
    validation_status validation_status DEFAULT 'pending',
    validated_by uuid,
    validated_at timestamptz,
    supporting_data jsonb DEFAULT '{}'::jsonb,
    predicted_impact text,
    recommended_actions jsonb DEFAULT '[]'::jsonb,
    priority ai_insight_priority DEFAULT 'medium',
    feedback_score numeric(3, 2),
    user_feedback text,
    impact_score numeric(3, 2),
    related_insights jsonb DEFAULT '[]'::jsonb,
    data_sources jsonb DEFAULT '[]'::jsonb,
    refresh_frequency varchar(20),
    expires_at timestamptz,
    metadata jsonb DEFAULT '{}'::jsonb,
    generated_at timestamptz DEFAULT now(),
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    validated boolean GENERATED ALWAYS AS (validation_status = 'validated'::validation_status) STORED,
    validation_notes text,
    CONSTRAINT ai_insights_pkey PRIMARY KEY (id),
    CONSTRAINT ai_insights_confidence_score_check CHECK (confidence_score >= 0.0 AND confidence_score <= 1.0),
    CONSTRAINT ai_insights_feedback_score_check CHECK (feedback_score >= 0.0 AND feedback_score <= 5.0),
    CONSTRAINT ai_insights_impact_score_check CHECK (impact_score >= 0.0 AND impact_score <= 1.0),
    CONSTRAINT ai_insights_report_id_fkey FOREIGN KEY (report_id) REFERENCES pmr_reports (id) ON DELETE CASCADE,
    CONSTRAINT ai_insights_validated_by_fkey FOREIGN KEY (validated_by) REFERENCES auth.users (id) ON DELETE SET NULL
);

CREATE INDEX idx_ai_insights_confidence ON ai_insights (confidence_score DESC);
CREATE INDEX idx_ai_insights_expires ON ai_insights (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX idx_ai_insights_priority ON ai_insights (priority, generated_at DESC) WHERE priority = ANY (ARRAY['high'::ai_insight_priority, 'critical'::ai_insight_priority]);
CREATE INDEX idx_ai_insights_report ON ai_insights (report_id, priority DESC, generated_at DESC);
CREATE INDEX idx_ai_insights_type_category ON ai_insights (insight_type, category);
CREATE INDEX idx_ai_insights_validated ON ai_insights (report_id, validation_status);
CREATE INDEX idx_ai_insights_validated_by ON ai_insights (validated_by) WHERE validated_by IS NOT NULL;

CREATE TABLE export_jobs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    export_format export_format NOT NULL,
    template_config jsonb DEFAULT '{}'::jsonb,
    export_options jsonb DEFAULT '{}'::jsonb,
    status export_job_status DEFAULT 'queued',
    file_url text,
    file_size integer,
    file_name varchar(255),
    file_type varchar(100),
    file_sha256 varchar(64),
    error_message text,
    retry_count integer DEFAULT 0,
    requested_by uuid NOT NULL,
    started_at timestamptz DEFAULT now(),
    completed_at timestamptz,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT export_jobs_pkey PRIMARY KEY (id),
    CONSTRAINT export_jobs_file_size_check CHECK (file_size >= 0),
    CONSTRAINT export_jobs_retry_count_check CHECK (retry_count >= 0),
    CONSTRAINT export_jobs_report_id_fkey FOREIGN KEY (report_id) REFERENCES pmr_reports (id) ON DELETE CASCADE,
    CONSTRAINT export_jobs_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES auth.users (id) ON DELETE RESTRICT
);

CREATE INDEX idx_export_jobs_format ON export_jobs (export_format, status);
CREATE INDEX idx_export_jobs_pending ON export_jobs (status, started_at) WHERE status = ANY (ARRAY['queued'::export_job_status, 'processing'::export_job_status]);
CREATE INDEX idx_export_jobs_report ON export_jobs (report_id, started_at DESC);
CREATE INDEX idx_export_jobs_requested_by ON export_jobs (requested_by, started_at DESC);
CREATE INDEX idx_export_jobs_status ON export_jobs (status, started_at DESC);
