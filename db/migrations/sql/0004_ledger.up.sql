-- Ids that grow with time keep the primary key's pages dense. PostgreSQL 18 has uuidv7(); 16 and 17 don't.
CREATE FUNCTION uuid_v7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- RFC 9562: 48 bits of milliseconds, version 7, then random bits.
    SELECT encode(
        set_bit(set_bit(
            overlay(
                uuid_send(gen_random_uuid())
                PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6
            ), 52, 1), 53, 1),
        'hex')::uuid
$$;

CREATE TYPE run_state AS ENUM ('scheduled', 'available', 'dispatched', 'executing', 'waiting', 'completed', 'discarded', 'cancelled');

CREATE TYPE attempt_outcome AS ENUM ('completed', 'failed', 'snoozed', 'cancelled', 'lost');

CREATE TABLE task_kinds (
    name text NOT NULL,
    queue text NOT NULL,
    priority smallint NOT NULL,
    max_attempts integer NOT NULL,
    needs_requester boolean NOT NULL,
    internal boolean NOT NULL,
    CONSTRAINT task_kinds_pkey PRIMARY KEY (name)
);

CREATE TABLE task_runs (
    id uuid DEFAULT uuid_v7() NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    scheduled_at timestamptz DEFAULT now() NOT NULL,
    dispatched_at timestamptz,
    started_at timestamptz,
    lease_until timestamptz,
    finalized_at timestamptz,
    slot timestamptz,
    attempt integer DEFAULT 0 NOT NULL,
    uncharged integer DEFAULT 0 NOT NULL,
    max_attempts integer NOT NULL,
    worker_pid integer,
    progress real,
    state run_state DEFAULT 'available'::run_state NOT NULL,
    priority smallint DEFAULT 5 NOT NULL,
    requested_by uuid,
    kind text NOT NULL,
    queue text NOT NULL,
    worker text,
    unique_key text,
    schedule text,
    progress_message text,
    last_error text,
    reason text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    trace_context jsonb,
    result jsonb,
    CONSTRAINT task_runs_pkey PRIMARY KEY (id),
    CONSTRAINT task_runs_args_check CHECK (jsonb_typeof(args) = 'object'),
    CONSTRAINT task_runs_queue_check CHECK (queue = ANY (ARRAY['interactive', 'default', 'export', 'compute', 'bulk', 'maintenance'])),
    CONSTRAINT task_runs_priority_check CHECK (priority >= 0 AND priority <= 9),
    CONSTRAINT task_runs_attempt_check CHECK (attempt >= 0 AND uncharged >= 0 AND uncharged <= attempt),
    CONSTRAINT task_runs_max_attempts_check CHECK (max_attempts >= 1),
    CONSTRAINT task_runs_progress_check CHECK (progress >= 0::double precision AND progress <= 1::double precision),
    CONSTRAINT task_runs_lease_check CHECK ((state = 'executing'::run_state) = (lease_until IS NOT NULL)),
    CONSTRAINT task_runs_slot_check CHECK ((schedule IS NULL) = (slot IS NULL)),
    CONSTRAINT task_runs_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES auth.users (id) ON DELETE SET NULL
) WITH (fillfactor = 80);

CREATE INDEX task_runs_available_idx ON task_runs (queue, priority, scheduled_at, id) WHERE state = 'available'::run_state;
CREATE INDEX task_runs_dispatched_idx ON task_runs (queue, dispatched_at) WHERE state = 'dispatched'::run_state;
CREATE INDEX task_runs_executing_idx ON task_runs (worker) WHERE state = 'executing'::run_state;
CREATE INDEX task_runs_finalized_idx ON task_runs (finalized_at) WHERE finalized_at IS NOT NULL;
CREATE INDEX task_runs_requested_by_idx ON task_runs (requested_by, id);
CREATE INDEX task_runs_scheduled_idx ON task_runs (scheduled_at) WHERE state = 'scheduled'::run_state;
CREATE UNIQUE INDEX task_runs_slot_idx ON task_runs (schedule, slot) WHERE schedule IS NOT NULL;
CREATE UNIQUE INDEX task_runs_unique_key_idx ON task_runs (kind, unique_key, requested_by) NULLS NOT DISTINCT WHERE unique_key IS NOT NULL AND (state <> ALL (ARRAY['completed'::run_state, 'discarded'::run_state, 'cancelled'::run_state]));

CREATE TABLE task_attempts (
    run_id uuid NOT NULL,
    attempt integer NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    outcome attempt_outcome,
    worker text NOT NULL,
    error_type text,
    error_message text,
    error_traceback text,
    CONSTRAINT task_attempts_pkey PRIMARY KEY (run_id, attempt),
    CONSTRAINT task_attempts_run_id_fkey FOREIGN KEY (run_id) REFERENCES task_runs (id) ON DELETE CASCADE
);
