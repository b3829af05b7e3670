DROP INDEX idx_pmr_reports_title_trgm;
DROP INDEX idx_pmr_reports_simulation;
DROP INDEX idx_pmr_reports_archivable;
DROP INDEX idx_export_jobs_files;
DROP INDEX idx_export_jobs_created;
DROP INDEX idx_ai_insights_title_trgm;

-- A file of 2 GiB and more doesn't fit any longer; that its size is unknown is better than no way back.
ALTER TABLE export_jobs
    ALTER COLUMN file_size TYPE integer USING CASE WHEN file_size <= 2147483647 THEN file_size::integer END;

-- Whoever used a template that nobody made takes it over; one that nobody used goes.
UPDATE pmr_templates t
SET created_by = (SELECT generated_by FROM pmr_reports r WHERE r.template_id = t.id ORDER BY created_at, id LIMIT 1)
WHERE created_by IS NULL;
DELETE FROM pmr_templates WHERE created_by IS NULL;
ALTER TABLE pmr_templates
    ALTER COLUMN created_by SET NOT NULL,
    DROP CONSTRAINT pmr_templates_created_by_fkey,
    ADD CONSTRAINT pmr_templates_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE CASCADE;

ALTER TABLE pmr_reports
    DROP CONSTRAINT pmr_reports_project_id_report_month_report_year_version_key,
    ADD CONSTRAINT pmr_reports_project_id_report_month_report_year_version_key
        UNIQUE (project_id, report_month, report_year, version),
    DROP CONSTRAINT pmr_reports_report_year_check,
    ADD CONSTRAINT pmr_reports_report_year_check CHECK (report_year >= 2020 AND report_year <= 2030) NOT VALID;
-- Reports of later years stay; the old rule then holds for new rows alone.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pmr_reports WHERE report_year > 2030) THEN
        ALTER TABLE pmr_reports VALIDATE CONSTRAINT pmr_reports_report_year_check;
    END IF;
END
$$;

ALTER TABLE ai_insights DROP COLUMN fingerprint;
