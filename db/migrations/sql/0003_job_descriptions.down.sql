DROP TABLE job_metadata;
DROP TABLE job_descriptions;
