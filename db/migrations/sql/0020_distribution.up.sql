CREATE TYPE distribution_method AS ENUM ('email', 'slack', 'teams', 'portal', 'download');

CREATE TYPE distribution_status AS ENUM ('pending', 'sent', 'delivered', 'failed', 'bounced');

CREATE TABLE pmr_distribution_log (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    distribution_method distribution_method NOT NULL,
    recipient_type varchar(50) NOT NULL,
    recipient_identifier varchar(255) NOT NULL,
    status distribution_status DEFAULT 'pending',
    sent_at timestamptz,
    delivered_at timestamptz,
    error_message text,
    retry_count integer DEFAULT 0,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    dedupe_key text,
    message_id text,
    export_job_id uuid,
    next_attempt_at timestamptz DEFAULT now(),
    CONSTRAINT pmr_distribution_log_pkey PRIMARY KEY (id),
    CONSTRAINT pmr_distribution_log_report_id_dedupe_key_key UNIQUE (report_id, dedupe_key),
    CONSTRAINT pmr_distribution_log_recipient_type_check
        CHECK (recipient_type::text = ANY (ARRAY['user', 'group', 'external'])),
    CONSTRAINT pmr_distribution_log_retry_count_check CHECK (retry_count >= 0),
    CONSTRAINT pmr_distribution_log_report_id_fkey
        FOREIGN KEY (report_id) REFERENCES pmr_reports (id) ON DELETE CASCADE,
    CONSTRAINT pmr_distribution_log_export_job_id_fkey
        FOREIGN KEY (export_job_id) REFERENCES export_jobs (id) ON DELETE SET NULL
);

CREATE INDEX idx_pmr_distribution_due ON pmr_distribution_log (next_attempt_at)
    WHERE status = ANY (ARRAY['pending'::distribution_status, 'failed'::distribution_status]);
CREATE INDEX idx_pmr_distribution_export_job ON pmr_distribution_log (export_job_id) WHERE export_job_id IS NOT NULL;
CREATE INDEX idx_pmr_distribution_method ON pmr_distribution_log (distribution_method, status);
CREATE INDEX idx_pmr_distribution_recipient ON pmr_distribution_log (recipient_identifier, status);
CREATE INDEX idx_pmr_distribution_report ON pmr_distribution_log (report_id, sent_at DESC);
CREATE INDEX idx_pmr_distribution_status ON pmr_distribution_log (status, sent_at DESC);
