CREATE TABLE monte_carlo_simulations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    project_id uuid,
    name varchar(255) NOT NULL,
    description text,
    iteration_count integer DEFAULT 10000 NOT NULL,
    random_seed bigint,
    convergence_threshold numeric(10, 6) DEFAULT 0.001,
    status varchar(50) DEFAULT 'pending' NOT NULL,
    started_at timestamptz,
    completed_at timestamptz,
    execution_time numeric(10, 3),
    results_summary jsonb,
    converged boolean DEFAULT false,
    convergence_iteration integer,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT monte_carlo_simulations_pkey PRIMARY KEY (id),
    CONSTRAINT monte_carlo_simulations_iteration_count_check CHECK (iteration_count > 0),
    CONSTRAINT monte_carlo_simulations_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE,
    CONSTRAINT monte_carlo_simulations_project_id_fkey
        FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE INDEX idx_monte_carlo_simulations_project ON monte_carlo_simulations (project_id, created_at DESC);
CREATE INDEX idx_monte_carlo_simulations_status ON monte_carlo_simulations (status, created_at DESC);
CREATE INDEX idx_monte_carlo_simulations_user ON monte_carlo_simulations (user_id, created_at DESC);

CREATE TABLE monte_carlo_scenarios (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    simulation_id uuid,
    name varchar(255) NOT NULL,
    description text,
    is_baseline boolean DEFAULT false,
    is_active boolean DEFAULT true,
    risk_modifications jsonb,
    results_data jsonb,
    created_by uuid NOT NULL,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT monte_carlo_scenarios_pkey PRIMARY KEY (id),
    CONSTRAINT monte_carlo_scenarios_simulation_id_fkey
        FOREIGN KEY (simulation_id) REFERENCES monte_carlo_simulations (id) ON DELETE CASCADE,
    CONSTRAINT monte_carlo_scenarios_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX idx_monte_carlo_scenarios_baseline ON monte_carlo_scenarios (simulation_id, is_active) WHERE is_baseline;
CREATE INDEX idx_monte_carlo_scenarios_created_by ON monte_carlo_scenarios (created_by);
CREATE INDEX idx_monte_carlo_scenarios_simulation ON monte_carlo_scenarios (simulation_id);

CREATE TABLE monte_carlo_risk_configs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    simulation_id uuid NOT NULL,
    risk_id uuid,
    name varchar(255) NOT NULL,
    category varchar(50) NOT NULL,
    impact_type varchar(50) NOT NULL,
    distribution_type varchar(50) NOT NULL,
    distribution_parameters jsonb NOT NULL,
    baseline_impact numeric(15, 2) NOT NULL,
    impact_unit varchar(20),
    correlation_dependencies jsonb DEFAULT '[]'::jsonb,
    mitigation_strategies jsonb DEFAULT '[]'::jsonb,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT monte_carlo_risk_configs_pkey PRIMARY KEY (id),
    CONSTRAINT monte_carlo_risk_configs_simulation_id_fkey
        FOREIGN KEY (simulation_id) REFERENCES monte_carlo_simulations (id) ON DELETE CASCADE,
    CONSTRAINT monte_carlo_risk_configs_risk_id_fkey FOREIGN KEY (risk_id) REFERENCES risks (id) ON DELETE CASCADE
);

CREATE INDEX idx_monte_carlo_risk_configs_category ON monte_carlo_risk_configs (category, impact_type);
CREATE INDEX idx_monte_carlo_risk_configs_risk ON monte_carlo_risk_configs (risk_id) WHERE risk_id IS NOT NULL;
CREATE INDEX idx_monte_carlo_risk_configs_simulation ON monte_carlo_risk_configs (simulation_id);

CREATE TABLE monte_carlo_results (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    simulation_id uuid NOT NULL,
    result_type varchar(50) NOT NULL,
    data_format varchar(20) DEFAULT 'json',
    result_data jsonb,
    result_data_compressed bytea,
    data_size bigint,
    compression_ratio numeric(5, 2),
    created_at timestamptz DEFAULT now(),
    CONSTRAINT monte_carlo_results_pkey PRIMARY KEY (id),
    CONSTRAINT monte_carlo_results_data_size_check CHECK (data_size >= 0),
    CONSTRAINT monte_carlo_results_simulation_id_fkey
        FOREIGN KEY (simulation_id) REFERENCES monte_carlo_simulations (id) ON DELETE CASCADE
);

CREATE INDEX idx_monte_carlo_results_simulation ON monte_carlo_results (simulation_id, result_type);

CREATE TABLE monte_carlo_visualizations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    simulation_id uuid NOT NULL,
    chart_type varchar(50) NOT NULL,
    outcome_type varchar(50),
    format varchar(20) DEFAULT 'png',
    theme varchar(50) DEFAULT 'professional',
    title varchar(255),
    subtitle varchar(255),
    chart_config jsonb,
    chart_data text,
    file_path varchar(500),
    file_size bigint,
    generated_at timestamptz DEFAULT now(),
    generated_by uuid,
    CONSTRAINT monte_carlo_visualizations_pkey PRIMARY KEY (id),
    CONSTRAINT monte_carlo_visualizations_file_size_check CHECK (file_size >= 0),
    CONSTRAINT monte_carlo_visualizations_simulation_id_fkey
        FOREIGN KEY (simulation_id) REFERENCES monte_carlo_simulations (id) ON DELETE CASCADE,
    CONSTRAINT monte_carlo_visualizations_generated_by_fkey
        FOREIGN KEY (generated_by) REFERENCES auth.users (id) ON DELETE SET NULL
);

CREATE INDEX idx_monte_carlo_visualizations_generated_by ON monte_carlo_visualizations (generated_by)
    WHERE generated_by IS NOT NULL;
CREATE INDEX idx_monte_carlo_visualizations_simulation
    ON monte_carlo_visualizations (simulation_id, chart_type, outcome_type);

-- Checked after it is added, so that reports stay readable and writable meanwhile.
ALTER TABLE pmr_reports ADD CONSTRAINT pmr_reports_monte_carlo_simulation_id_fkey
    FOREIGN KEY (monte_carlo_simulation_id) REFERENCES monte_carlo_simulations (id) ON DELETE SET NULL NOT VALID;
ALTER TABLE pmr_reports VALIDATE CONSTRAINT pmr_reports_monte_carlo_simulation_id_fkey;
