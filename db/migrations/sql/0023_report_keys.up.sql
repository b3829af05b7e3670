-- Natural keys and the columns' mends; docs/SCHEMA.md says why for each.
ALTER TABLE ai_insights ADD COLUMN fingerprint text;
ALTER TABLE ai_insights ADD CONSTRAINT ai_insights_report_id_fingerprint_key UNIQUE (report_id, fingerprint);

-- A version may be NULL, and two reports without one are the same report.
ALTER TABLE pmr_reports
    DROP CONSTRAINT pmr_reports_project_id_report_month_report_year_version_key,
    ADD CONSTRAINT pmr_reports_project_id_report_month_report_year_version_key
        UNIQUE NULLS NOT DISTINCT (project_id, report_month, report_year, version),
    DROP CONSTRAINT pmr_reports_report_year_check,
    ADD CONSTRAINT pmr_reports_report_year_check CHECK (report_year >= 2020 AND report_year <= 2100);

ALTER TABLE pmr_templates
    ALTER COLUMN created_by DROP NOT NULL,
    DROP CONSTRAINT pmr_templates_created_by_fkey,
    ADD CONSTRAINT pmr_templates_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE SET NULL;

ALTER TABLE export_jobs ALTER COLUMN file_size TYPE bigint;

CREATE INDEX idx_ai_insights_title_trgm ON ai_insights USING gin (title gin_trgm_ops);
CREATE INDEX idx_export_jobs_created ON export_jobs (created_at DESC);
CREATE INDEX idx_export_jobs_files ON export_jobs (completed_at) WHERE file_url IS NOT NULL;
CREATE INDEX idx_pmr_reports_archivable ON pmr_reports (report_month)
    WHERE status = 'distributed'::pmr_status AND is_active = true;
CREATE INDEX idx_pmr_reports_simulation ON pmr_reports (monte_carlo_simulation_id)
    WHERE monte_carlo_simulation_id IS NOT NULL;
CREATE INDEX idx_pmr_reports_title_trgm ON pmr_reports USING gin (title gin_trgm_ops);
