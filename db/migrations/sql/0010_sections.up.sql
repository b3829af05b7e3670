-- The one who wrote a description may read it before anyone has given them a permission.
ALTER TABLE job_descriptions ADD COLUMN created_by integer REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX idx_job_descriptions_created_by ON job_descriptions (created_by);
CREATE INDEX idx_job_descriptions_classification ON job_descriptions (classification);
CREATE INDEX idx_job_descriptions_file_hash ON job_descriptions (file_hash);

-- Parsed content.
CREATE TABLE job_sections (
    id serial PRIMARY KEY,
    job_id integer NOT NULL REFERENCES job_descriptions (id) ON DELETE CASCADE,
    section_type varchar(50),
    section_content text,
    section_order integer,
    CONSTRAINT job_sections_natural_key UNIQUE NULLS NOT DISTINCT (job_id, section_type, section_order)
);

-- Pieces of text of a size that models like.
CREATE TABLE content_chunks (
    id serial PRIMARY KEY,
    job_id integer NOT NULL REFERENCES job_descriptions (id) ON DELETE CASCADE,
    section_id integer REFERENCES job_sections (id) ON DELETE CASCADE,
    chunk_text text,
    chunk_index integer,
    embedding vector(1536),
    embedding_model varchar(100),
    embedded_at timestamp,
    chunk_hash text GENERATED ALWAYS AS (md5(chunk_text)) STORED,
    CONSTRAINT content_chunks_natural_key UNIQUE NULLS NOT DISTINCT (job_id, section_id, chunk_index)
);

CREATE INDEX idx_content_chunks_job_id ON content_chunks (job_id);
CREATE INDEX idx_content_chunks_section_id ON content_chunks (section_id);
CREATE INDEX idx_content_chunks_unembedded ON content_chunks (id) WHERE embedding IS NULL;
CREATE INDEX idx_content_chunks_embedding_hnsw ON content_chunks
    USING hnsw ((embedding::halfvec(1536)) halfvec_cosine_ops);

-- What each call to a provider cost.
CREATE TABLE ai_usage_tracking (
    id serial PRIMARY KEY,
    request_timestamp timestamp DEFAULT now(),
    service_type varchar(50),
    operation_type varchar(50),
    input_tokens integer,
    output_tokens integer,
    total_tokens integer,
    cost_usd numeric(12, 8),
    request_id varchar(100),
    model_name varchar(100),
    success varchar(10),
    error_message text,
    request_metadata jsonb,
    call_key varchar(128),
    CONSTRAINT ai_usage_tracking_call_key_key UNIQUE (call_key)
);

CREATE INDEX idx_ai_usage_tracking_timestamp ON ai_usage_tracking (request_timestamp);
CREATE INDEX idx_ai_usage_tracking_service_type ON ai_usage_tracking (service_type);
