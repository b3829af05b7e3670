CREATE TABLE job_descriptions (
    id serial NOT NULL,
    job_number varchar(20),
    title varchar(500),
    classification varchar(10),
    language varchar(2),
    file_path varchar(1000),
    raw_content text,
    processed_date timestamp DEFAULT now(),
    file_hash varchar(64),
    created_at timestamp DEFAULT now() NOT NULL,
    updated_at timestamp DEFAULT now(),
    CONSTRAINT job_descriptions_pkey PRIMARY KEY (id),
    CONSTRAINT job_descriptions_job_number_language_key UNIQUE (job_number, language)
);

CREATE INDEX idx_job_desc_class_lang ON job_descriptions (classification, language);
CREATE INDEX idx_job_descriptions_language ON job_descriptions (language);
CREATE INDEX idx_job_descriptions_title ON job_descriptions (title);

CREATE TABLE job_metadata (
    id serial NOT NULL,
    job_id integer NOT NULL,
    reports_to varchar(500),
    department varchar(200),
    location varchar(200),
    fte_count integer,
    salary_budget float,
    effective_date date,
    CONSTRAINT job_metadata_pkey PRIMARY KEY (id),
    CONSTRAINT job_metadata_job_id_key UNIQUE (job_id),
    CONSTRAINT job_metadata_job_id_fkey FOREIGN KEY (job_id) REFERENCES job_descriptions (id) ON DELETE CASCADE
);
