DROP TABLE ai_usage_tracking;
DROP TABLE content_chunks;
DROP TABLE job_sections;
DROP INDEX idx_job_descriptions_file_hash;
DROP INDEX idx_job_descriptions_classification;
ALTER TABLE job_descriptions DROP COLUMN created_by;
