-- The column `path` (ltree) is left out: no function reads it, and the extension isn't on every server.
ALTER TABLE projects
    ADD COLUMN external_id bigint,
    ADD COLUMN parent_project_external_ids jsonb DEFAULT '[]'::jsonb,
    ADD COLUMN live_date date,
    ADD COLUMN date_last_updated timestamptz,
    ADD COLUMN project_type_id bigint,
    ADD COLUMN project_type_description text,
    ADD COLUMN project_status_id bigint,
    ADD COLUMN project_status_description text,
    ADD COLUMN project_phase_id bigint,
    ADD COLUMN project_phase_description text,
    ADD COLUMN ppm_project_home_url text,
    ADD COLUMN legal_entity_id bigint,
    ADD COLUMN legal_entity_description text,
    ADD COLUMN order_ids jsonb DEFAULT '[]'::jsonb,
    ADD COLUMN pm_technique text,
    ADD COLUMN pm_technique_description text,
    ADD COLUMN freeze_period text,
    ADD COLUMN freeze_period_description text,
    ADD COLUMN forecast_display_setting text,
    ADD COLUMN cost_centre text,
    ADD COLUMN country_id bigint,
    ADD COLUMN baseline_budget numeric(15, 2),
    ADD COLUMN baseline_duration integer,
    ADD COLUMN elapsed_days integer;

CREATE INDEX idx_projects_external_id ON projects (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX idx_projects_name_trgm ON projects USING gin (name gin_trgm_ops);
CREATE INDEX idx_projects_portfolio ON projects (portfolio_id) WHERE portfolio_id IS NOT NULL;
CREATE INDEX idx_projects_program ON projects (program_id) WHERE program_id IS NOT NULL;

CREATE TYPE risk_category AS ENUM ('technical', 'financial', 'resource', 'schedule', 'external');

CREATE TYPE risk_status AS ENUM ('identified', 'analyzing', 'mitigating', 'closed');

CREATE TYPE currency_code AS ENUM ('USD', 'EUR', 'GBP', 'JPY', 'CAD', 'AUD');

CREATE TYPE activity_constraint AS ENUM (
    'as_soon_as_possible', 'as_late_as_possible', 'start_no_earlier_than', 'start_no_later_than',
    'finish_no_earlier_than', 'finish_no_later_than', 'must_start_on', 'must_finish_on'
);

CREATE TYPE activity_link_type AS ENUM ('FS', 'SS', 'FF', 'SF');

CREATE TYPE cost_line_type AS ENUM ('fixed', 'burn_rate');

CREATE TABLE risks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    title varchar(255) NOT NULL,
    description text,
    category risk_category NOT NULL,
    probability numeric(3, 2) NOT NULL,
    impact numeric(3, 2) NOT NULL,
    risk_score numeric(5, 4) GENERATED ALWAYS AS (probability * impact) STORED,
    status risk_status DEFAULT 'identified' NOT NULL,
    mitigation text,
    owner_id uuid,
    due_date date,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT risks_pkey PRIMARY KEY (id),
    CONSTRAINT risks_probability_check CHECK (probability >= 0 AND probability <= 1),
    CONSTRAINT risks_impact_check CHECK (impact >= 0 AND impact <= 1),
    CONSTRAINT risks_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT risks_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES auth.users (id) ON DELETE SET NULL
);

CREATE INDEX idx_risks_owner ON risks (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX idx_risks_project ON risks (project_id, risk_score DESC);

CREATE TABLE milestones (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    name varchar(255) NOT NULL,
    description text,
    due_date date NOT NULL,
    completion_date date,
    status varchar(50) DEFAULT 'pending',
    progress_percentage integer DEFAULT 0,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT milestones_pkey PRIMARY KEY (id),
    CONSTRAINT milestones_progress_percentage_check CHECK (progress_percentage >= 0 AND progress_percentage <= 100),
    CONSTRAINT milestones_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE INDEX idx_milestones_project ON milestones (project_id, due_date);

CREATE TABLE financial_tracking (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    category varchar(100) NOT NULL,
    description text,
    planned_amount numeric(15, 2) DEFAULT 0 NOT NULL,
    actual_amount numeric(15, 2) DEFAULT 0,
    currency currency_code DEFAULT 'USD',
    exchange_rate numeric(18, 8) DEFAULT 1,
    date_incurred date NOT NULL,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT financial_tracking_pkey PRIMARY KEY (id),
    CONSTRAINT financial_tracking_exchange_rate_check CHECK (exchange_rate > 0),
    CONSTRAINT financial_tracking_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE INDEX idx_financial_tracking_project ON financial_tracking (project_id, date_incurred DESC);

CREATE TABLE project_calendars (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    name varchar(100) NOT NULL,
    working_weekdays smallint[] DEFAULT '{1,2,3,4,5}'::smallint[] NOT NULL,
    hours_per_day numeric(4, 2) DEFAULT 8 NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT project_calendars_pkey PRIMARY KEY (id),
    CONSTRAINT project_calendars_project_id_name_key UNIQUE (project_id, name),
    CONSTRAINT project_calendars_working_weekdays_check
        CHECK (cardinality(working_weekdays) > 0 AND working_weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[]),
    CONSTRAINT project_calendars_hours_per_day_check CHECK (hours_per_day > 0 AND hours_per_day <= 24),
    CONSTRAINT project_calendars_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX idx_project_calendars_default ON project_calendars (project_id) WHERE is_default;

CREATE TABLE calendar_exceptions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    calendar_id uuid NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    is_working boolean DEFAULT false NOT NULL,
    name varchar(100),
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT calendar_exceptions_pkey PRIMARY KEY (id),
    CONSTRAINT calendar_exceptions_calendar_id_start_date_key UNIQUE (calendar_id, start_date),
    CONSTRAINT calendar_exceptions_end_date_check CHECK (end_date >= start_date),
    CONSTRAINT calendar_exceptions_calendar_id_fkey
        FOREIGN KEY (calendar_id) REFERENCES project_calendars (id) ON DELETE CASCADE
);

CREATE TABLE activities (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    code varchar(50) NOT NULL,
    name varchar(255) NOT NULL,
    description text,
    optimistic_duration numeric(10, 2) NOT NULL,
    most_likely_duration numeric(10, 2) NOT NULL,
    pessimistic_duration numeric(10, 2) NOT NULL,
    distribution varchar(20) DEFAULT 'triangular' NOT NULL,
    calendar_id uuid,
    milestone_id uuid,
    constraint_type activity_constraint DEFAULT 'as_soon_as_possible' NOT NULL,
    constraint_date date,
    planned_start date,
    planned_finish date,
    actual_start date,
    actual_finish date,
    percent_complete numeric(5, 2) DEFAULT 0 NOT NULL,
    remaining_duration numeric(10, 2),
    data_date date,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT activities_pkey PRIMARY KEY (id),
    CONSTRAINT activities_project_id_code_key UNIQUE (project_id, code),
    CONSTRAINT activities_id_project_id_key UNIQUE (id, project_id),
    CONSTRAINT activities_duration_check
        CHECK (optimistic_duration >= 0 AND optimistic_duration <= most_likely_duration
            AND most_likely_duration <= pessimistic_duration),
    CONSTRAINT activities_distribution_check
        CHECK (distribution::text = ANY (ARRAY['triangular', 'pert', 'uniform', 'normal', 'lognormal', 'fixed'])),
    CONSTRAINT activities_constraint_check
        CHECK ((constraint_type = ANY (ARRAY['as_soon_as_possible'::activity_constraint, 'as_late_as_possible'::activity_constraint])) = (constraint_date IS NULL)),
    CONSTRAINT activities_percent_complete_check CHECK (percent_complete >= 0 AND percent_complete <= 100),
    CONSTRAINT activities_remaining_duration_check CHECK (remaining_duration >= 0),
    CONSTRAINT activities_actual_finish_check CHECK (actual_finish >= actual_start),
    CONSTRAINT activities_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT activities_calendar_id_fkey
        FOREIGN KEY (calendar_id) REFERENCES project_calendars (id) ON DELETE SET NULL,
    CONSTRAINT activities_milestone_id_fkey FOREIGN KEY (milestone_id) REFERENCES milestones (id) ON DELETE SET NULL
);

CREATE INDEX idx_activities_calendar ON activities (calendar_id) WHERE calendar_id IS NOT NULL;
CREATE INDEX idx_activities_milestone ON activities (milestone_id) WHERE milestone_id IS NOT NULL;

CREATE TABLE activity_links (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    predecessor_id uuid NOT NULL,
    successor_id uuid NOT NULL,
    link_type activity_link_type DEFAULT 'FS' NOT NULL,
    lag numeric(10, 2) DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT activity_links_pkey PRIMARY KEY (id),
    CONSTRAINT activity_links_predecessor_id_fkey
        FOREIGN KEY (predecessor_id, project_id) REFERENCES activities (id, project_id) ON DELETE CASCADE,
    CONSTRAINT activity_links_successor_id_fkey
        FOREIGN KEY (successor_id, project_id) REFERENCES activities (id, project_id) ON DELETE CASCADE,
    CONSTRAINT activity_links_predecessor_id_successor_id_link_type_key UNIQUE (predecessor_id, successor_id, link_type),
    CONSTRAINT activity_links_no_self_link_check CHECK (predecessor_id <> successor_id),
    CONSTRAINT activity_links_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE INDEX idx_activity_links_project ON activity_links (project_id);
CREATE INDEX idx_activity_links_successor ON activity_links (successor_id);

CREATE TABLE cost_lines (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    activity_id uuid,
    code varchar(50) NOT NULL,
    name varchar(255) NOT NULL,
    category varchar(100),
    cost_type cost_line_type DEFAULT 'fixed' NOT NULL,
    optimistic_amount numeric(15, 2) NOT NULL,
    most_likely_amount numeric(15, 2) NOT NULL,
    pessimistic_amount numeric(15, 2) NOT NULL,
    distribution varchar(20) DEFAULT 'triangular' NOT NULL,
    actual_amount numeric(15, 2) DEFAULT 0 NOT NULL,
    currency varchar(3) DEFAULT 'CAD' NOT NULL,
    escalation_rate numeric(7, 6) DEFAULT 0 NOT NULL,
    escalation_base_date date,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT cost_lines_pkey PRIMARY KEY (id),
    CONSTRAINT cost_lines_activity_id_fkey FOREIGN KEY (activity_id, project_id) REFERENCES activities (id, project_id),
    CONSTRAINT cost_lines_project_id_code_key UNIQUE (project_id, code),
    CONSTRAINT cost_lines_amount_check
        CHECK (optimistic_amount <= most_likely_amount AND most_likely_amount <= pessimistic_amount),
    CONSTRAINT cost_lines_distribution_check
        CHECK (distribution::text = ANY (ARRAY['triangular', 'pert', 'uniform', 'normal', 'lognormal', 'fixed'])),
    CONSTRAINT cost_lines_burn_rate_check CHECK (cost_type = 'fixed'::cost_line_type OR activity_id IS NOT NULL),
    CONSTRAINT cost_lines_escalation_rate_check CHECK (escalation_rate > '-1'::integer::numeric),
    CONSTRAINT cost_lines_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE INDEX idx_cost_lines_activity ON cost_lines (activity_id) WHERE activity_id IS NOT NULL;
