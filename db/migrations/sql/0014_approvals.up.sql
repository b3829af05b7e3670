-- Document approval workflows.
CREATE TABLE approval_workflows (
    id serial PRIMARY KEY,
    workflow_name varchar(100) NOT NULL,
    description text,
    workflow_type varchar(50),
    steps jsonb NOT NULL,
    is_active boolean DEFAULT true,
    created_by integer REFERENCES users (id),
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now()
);

CREATE INDEX idx_approval_workflows_created_by ON approval_workflows (created_by);

-- Document approval instances.
CREATE TABLE document_approvals (
    id serial PRIMARY KEY,
    job_id integer REFERENCES job_descriptions (id) ON DELETE CASCADE,
    workflow_id integer REFERENCES approval_workflows (id),
    current_step integer DEFAULT 1,
    status varchar(20) DEFAULT 'pending',
    submitted_by integer REFERENCES users (id),
    submitted_at timestamp DEFAULT now(),
    completed_at timestamp,
    metadata jsonb DEFAULT '{}'
);

CREATE INDEX idx_document_approvals_job_id ON document_approvals (job_id);
CREATE INDEX idx_document_approvals_workflow_id ON document_approvals (workflow_id);
CREATE INDEX idx_document_approvals_submitted_by ON document_approvals (submitted_by);

-- Individual approval steps.
CREATE TABLE approval_steps (
    id serial PRIMARY KEY,
    approval_id integer REFERENCES document_approvals (id) ON DELETE CASCADE,
    step_number integer NOT NULL,
    step_name varchar(100),
    assigned_to integer REFERENCES users (id),
    status varchar(20) DEFAULT 'pending',
    comments text,
    decision_date timestamp,
    deadline timestamp,
    delegated_to integer REFERENCES users (id),
    delegated_at timestamp,
    CONSTRAINT approval_steps_natural_key UNIQUE NULLS NOT DISTINCT (approval_id, step_number, assigned_to)
);

CREATE INDEX idx_approval_steps_assigned_to ON approval_steps (assigned_to);
CREATE INDEX idx_approval_steps_delegated_to ON approval_steps (delegated_to);
CREATE INDEX idx_approval_steps_due ON approval_steps (deadline) WHERE status = 'pending';

-- Version control for documents.
CREATE TABLE document_versions (
    id serial PRIMARY KEY,
    job_id integer REFERENCES job_descriptions (id) ON DELETE CASCADE,
    version_number varchar(20) NOT NULL,
    version_type varchar(20) DEFAULT 'minor',
    content_snapshot jsonb NOT NULL,
    changes_summary text,
    created_by integer REFERENCES users (id),
    approved_by integer REFERENCES users (id),
    status varchar(20) DEFAULT 'draft',
    created_at timestamp DEFAULT now(),
    published_at timestamp,
    archived_at timestamp,
    UNIQUE NULLS NOT DISTINCT (job_id, version_number)
);

CREATE INDEX idx_document_versions_created_by ON document_versions (created_by);
CREATE INDEX idx_document_versions_approved_by ON document_versions (approved_by);
