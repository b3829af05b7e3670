-- Translation document pairs for bilingual management.
CREATE TABLE translation_pairs (
    id serial PRIMARY KEY,
    source_job_id integer REFERENCES job_descriptions (id) ON DELETE CASCADE,
    target_job_id integer REFERENCES job_descriptions (id) ON DELETE CASCADE,
    source_language varchar(5) NOT NULL,
    target_language varchar(5) NOT NULL,
    pair_type varchar(20) DEFAULT 'manual',
    alignment_method varchar(20),
    alignment_quality numeric(3, 2),
    alignment_confidence numeric(3, 2),
    translator_id integer REFERENCES users (id),
    reviewer_id integer REFERENCES users (id),
    status varchar(20) DEFAULT 'in_progress',
    translation_memory_hits integer DEFAULT 0,
    ai_assistance_used boolean DEFAULT false,
    human_post_editing boolean DEFAULT false,
    quality_score numeric(3, 2),
    created_at timestamp DEFAULT now(),
    completed_at timestamp,
    approved_at timestamp,
    CONSTRAINT check_languages CHECK (source_language != target_language),
    CONSTRAINT translation_pairs_natural_key UNIQUE NULLS NOT DISTINCT (source_job_id, target_job_id, pair_type)
);

CREATE INDEX idx_translation_pairs_target_job_id ON translation_pairs (target_job_id);
CREATE INDEX idx_translation_pairs_translator_id ON translation_pairs (translator_id);
CREATE INDEX idx_translation_pairs_reviewer_id ON translation_pairs (reviewer_id);

-- Sentence-level alignments for translation concordance.
CREATE TABLE sentence_alignments (
    id serial PRIMARY KEY,
    translation_pair_id integer REFERENCES translation_pairs (id) ON DELETE CASCADE,
    source_sentence text,
    target_sentence text,
    source_position_start integer,
    source_position_end integer,
    target_position_start integer,
    target_position_end integer,
    confidence_score numeric(3, 2),
    alignment_type varchar(20),
    alignment_method varchar(50),
    quality_rating integer CHECK (quality_rating >= 1 AND quality_rating <= 5),
    reviewed_by integer REFERENCES users (id),
    reviewed_at timestamp,
    created_at timestamp DEFAULT now(),
    -- Only where no position tells two links apart.
    fingerprint text GENERATED ALWAYS AS (CASE WHEN source_position_start IS NULL AND target_position_start IS NULL
        THEN md5(COALESCE(source_sentence, '')) || md5(COALESCE(target_sentence, '')) END) STORED,
    CONSTRAINT sentence_alignments_one_side_check CHECK (source_sentence IS NOT NULL OR target_sentence IS NOT NULL),
    CONSTRAINT sentence_alignments_natural_key UNIQUE NULLS NOT DISTINCT (translation_pair_id, source_position_start,
        source_position_end, target_position_start, target_position_end, fingerprint)
);

CREATE INDEX idx_sentence_alignments_reviewed_by ON sentence_alignments (reviewed_by);

-- Translation memory corpus for reusable translations.
CREATE TABLE translation_memory (
    id serial PRIMARY KEY,
    source_text text NOT NULL,
    target_text text NOT NULL,
    source_language varchar(5) NOT NULL,
    target_language varchar(5) NOT NULL,
    domain varchar(50),
    subdomain varchar(50),
    quality_score numeric(3, 2),
    confidence_score numeric(3, 2),
    usage_count integer DEFAULT 0,
    context_hash varchar(64),
    metadata jsonb DEFAULT '{}',
    source_embedding vector(1536),
    target_embedding vector(1536),
    created_by integer REFERENCES users (id),
    validated_by integer REFERENCES users (id),
    created_at timestamp DEFAULT now(),
    last_used timestamp,
    updated_at timestamp DEFAULT now(),
    embedding_model varchar(100),
    embedded_at timestamp,
    source_hash text GENERATED ALWAYS AS (md5(source_text)) STORED,
    target_hash text GENERATED ALWAYS AS (md5(target_text)) STORED,
    CONSTRAINT check_quality_score CHECK (quality_score >= 0.0 AND quality_score <= 1.0),
    CONSTRAINT check_language_codes CHECK (source_language ~ '^[a-z]{2}(-[A-Z]{2})?$'
        AND target_language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    -- The hash comes first, so that the key also answers exact lookups.
    CONSTRAINT translation_memory_natural_key UNIQUE NULLS NOT DISTINCT (source_hash, target_hash, source_language,
        target_language, domain, subdomain, context_hash)
);

CREATE INDEX idx_translation_memory_languages ON translation_memory (source_language, target_language);
CREATE INDEX idx_translation_memory_domain ON translation_memory (domain, subdomain);
CREATE INDEX idx_translation_memory_quality ON translation_memory (quality_score);
CREATE INDEX idx_translation_memory_usage ON translation_memory (usage_count);
CREATE INDEX idx_translation_memory_source_embedding ON translation_memory USING hnsw ((source_embedding::halfvec(1536)) halfvec_cosine_ops);
CREATE INDEX idx_translation_memory_target_embedding ON translation_memory USING hnsw ((target_embedding::halfvec(1536)) halfvec_cosine_ops);
CREATE INDEX idx_translation_memory_created_by ON translation_memory (created_by);
CREATE INDEX idx_translation_memory_validated_by ON translation_memory (validated_by);
CREATE INDEX idx_translation_memory_source_text_trgm ON translation_memory USING gin (source_text gin_trgm_ops);
CREATE INDEX idx_translation_memory_target_text_trgm ON translation_memory USING gin (target_text gin_trgm_ops);
CREATE INDEX idx_translation_memory_unembedded ON translation_memory (id) WHERE source_embedding IS NULL OR target_embedding IS NULL;
CREATE INDEX idx_translation_memory_last_used ON translation_memory (last_used);

-- Terminology management for consistent translations.
CREATE TABLE terminology_glossary (
    id serial PRIMARY KEY,
    term_source varchar(255) NOT NULL,
    term_target varchar(255) NOT NULL,
    source_language varchar(5) NOT NULL,
    target_language varchar(5) NOT NULL,
    domain varchar(50),
    category varchar(50),
    definition_source text,
    definition_target text,
    usage_notes text,
    context_examples jsonb,
    frequency_score integer DEFAULT 0,
    approval_status varchar(20) DEFAULT 'pending',
    created_by integer REFERENCES users (id),
    approved_by integer REFERENCES users (id),
    reviewed_by integer REFERENCES users (id),
    created_at timestamp DEFAULT now(),
    approved_at timestamp,
    updated_at timestamp DEFAULT now(),
    CONSTRAINT terminology_glossary_natural_key UNIQUE NULLS NOT DISTINCT (source_language, target_language, domain,
        term_source, term_target)
);

CREATE INDEX idx_terminology_glossary_created_by ON terminology_glossary (created_by);
CREATE INDEX idx_terminology_glossary_approved_by ON terminology_glossary (approved_by);
CREATE INDEX idx_terminology_glossary_reviewed_by ON terminology_glossary (reviewed_by);

-- Translation sessions for workflow tracking.
CREATE TABLE translation_sessions (
    id serial PRIMARY KEY,
    session_id varchar(128) REFERENCES editing_sessions (session_id) ON DELETE CASCADE,
    translation_pair_id integer REFERENCES translation_pairs (id) ON DELETE SET NULL,
    translator_id integer REFERENCES users (id),
    session_type varchar(20) DEFAULT 'translation',
    source_document_state jsonb DEFAULT '{}',
    target_document_state jsonb DEFAULT '{}',
    alignment_data jsonb DEFAULT '{}',
    translation_memory_hits integer DEFAULT 0,
    ai_suggestions_used integer DEFAULT 0,
    human_overrides integer DEFAULT 0,
    terminology_hits integer DEFAULT 0,
    productivity_metrics jsonb DEFAULT '{}',
    quality_metrics jsonb DEFAULT '{}',
    created_at timestamp DEFAULT now(),
    completed_at timestamp
);

CREATE INDEX idx_translation_sessions_session_id ON translation_sessions (session_id);
CREATE INDEX idx_translation_sessions_translation_pair_id ON translation_sessions (translation_pair_id);
CREATE INDEX idx_translation_sessions_translator_id ON translation_sessions (translator_id);
