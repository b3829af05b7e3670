-- A run can be called off at any time, and can have a deadline: begun before it, or not at all. It says in which version its
-- args are written, so that they survive a deploy; and how far a long task has come, so that a later attempt goes on there.
ALTER TABLE task_runs
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN cancel_requested_at timestamptz,
    ADD COLUMN args_version integer DEFAULT 1 NOT NULL,
    ADD COLUMN checkpoint jsonb;
ALTER TABLE task_kinds ADD COLUMN args_version integer DEFAULT 1 NOT NULL;

CREATE INDEX task_runs_expires_idx ON task_runs (expires_at)
    WHERE expires_at IS NOT NULL AND attempt = 0 AND state = ANY (ARRAY['scheduled'::run_state, 'available'::run_state, 'dispatched'::run_state]);

-- What has not begun is cancelled at once. What is executing is told to stop: its worker's heartbeat sees the mark, and
-- a restart of the worker doesn't wipe it out.
CREATE FUNCTION cancel_run(run_id uuid, reason text DEFAULT NULL) RETURNS run_state
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    asker uuid := auth.uid();
    known task_runs%ROWTYPE;
BEGIN
    IF asker IS NULL AND NOT pg_has_role(session_user, 'dray_worker', 'MEMBER')
        AND NOT pg_has_role(session_user, 'dray_migrator', 'MEMBER') THEN
        RAISE EXCEPTION 'nobody is asking'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Set request.jwt.claim.sub to the id of a person.';
    END IF;
    SELECT * INTO known FROM task_runs WHERE id = cancel_run.run_id FOR UPDATE;
    IF NOT FOUND OR known.requested_by IS DISTINCT FROM coalesce(asker, known.requested_by) THEN
        RAISE EXCEPTION 'there is no run %, or it is not yours', cancel_run.run_id USING ERRCODE = 'no_data_found';
    END IF;
    IF known.state IN ('completed', 'discarded', 'cancelled') THEN
        RETURN known.state;
    END IF;
    IF known.state = 'executing' THEN
        UPDATE task_runs
        SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()),
            -- The first one to call it off says why.
            reason = CASE WHEN cancel_requested_at IS NULL THEN cancel_run.reason ELSE reason END
        WHERE id = known.id;
        RETURN 'executing';
    END IF;
    UPDATE task_runs
    SET state = 'cancelled', finalized_at = clock_timestamp(), reason = cancel_run.reason,
        cancel_requested_at = clock_timestamp()
    WHERE id = known.id;
    RETURN 'cancelled';
END
$$;

COMMENT ON FUNCTION cancel_run IS 'Call a run off. Returns its state: executing means that its worker has yet to stop.';

REVOKE EXECUTE ON FUNCTION cancel_run FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cancel_run TO authenticated_users, dray_worker;

DROP FUNCTION enqueue_run;

CREATE FUNCTION enqueue_run(
    kind text,
    args jsonb DEFAULT '{}'::jsonb,
    queue text DEFAULT NULL,
    priority integer DEFAULT NULL,
    due_at timestamptz DEFAULT NULL,
    unique_key text DEFAULT NULL,
    requested_by uuid DEFAULT NULL,
    trace_context jsonb DEFAULT NULL,
    max_attempts integer DEFAULT NULL,
    run_id uuid DEFAULT NULL,
    schedule text DEFAULT NULL,
    slot timestamptz DEFAULT NULL,
    expires_at timestamptz DEFAULT NULL,
    args_version integer DEFAULT NULL,
    OUT id uuid,
    OUT created boolean
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    spec task_kinds%ROWTYPE;
    asker uuid := auth.uid();
    due timestamptz := coalesce(enqueue_run.due_at, now());
BEGIN
    SELECT * INTO spec FROM task_kinds WHERE name = enqueue_run.kind;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no kind "%"', enqueue_run.kind
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Known kinds: ' || coalesce((SELECT string_agg(name, ', ' ORDER BY name) FROM task_kinds),
                                                     'none; run "dray db upgrade".');
    END IF;
    IF jsonb_typeof(enqueue_run.args) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'args of % must be a JSON object', enqueue_run.kind
            USING ERRCODE = 'invalid_parameter_value', HINT = 'For no args at all, pass ''{}''.';
    END IF;
    IF octet_length(enqueue_run.args::text) > 32768 THEN
        RAISE EXCEPTION 'args of % are larger than 32 KiB', enqueue_run.kind
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Args hold ids and options, never documents.';
    END IF;

    IF enqueue_run.queue <> ALL (ARRAY['interactive', 'default', 'export', 'compute', 'bulk', 'maintenance']) THEN
        RAISE EXCEPTION 'there is no queue "%"', enqueue_run.queue
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Queues: interactive, default, export, compute, bulk, maintenance.';
    END IF;
    IF enqueue_run.priority NOT BETWEEN 0 AND 9 THEN
        RAISE EXCEPTION 'there is no priority %', enqueue_run.priority
            USING ERRCODE = 'invalid_parameter_value', HINT = '0 is the most urgent, 9 the least.';
    END IF;

    IF enqueue_run.expires_at <= due THEN
        RAISE EXCEPTION 'the deadline % is not after the time that the run is due', enqueue_run.expires_at
            USING ERRCODE = 'invalid_parameter_value', HINT = 'A run begins between due_at and expires_at, or not at all.';
    END IF;

    -- The role of people without a person in it is nobody's: it must not pass for a trusted service, whether it was
    -- assumed or inherited.
    IF asker IS NULL AND (
        current_setting('role', true) = 'authenticated_users'
        OR (pg_has_role(session_user, 'authenticated_users', 'MEMBER')
            AND NOT pg_has_role(session_user, 'dray_producer', 'MEMBER'))
    ) THEN
        RAISE EXCEPTION 'nobody is asking'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Set request.jwt.claim.sub to the id of a person.';
    END IF;
    -- Who acts under an identity can ask only in that name, and only for what users may ask.
    IF asker IS NOT NULL THEN
        IF enqueue_run.requested_by <> asker THEN
            RAISE EXCEPTION 'a run cannot be requested in the name of someone else'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF spec.internal OR enqueue_run.schedule IS NOT NULL THEN
            RAISE EXCEPTION 'runs of % are made by schedules and operators only', enqueue_run.kind
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        requested_by := asker;
    END IF;
    IF spec.needs_requester AND requested_by IS NULL THEN
        RAISE EXCEPTION '% needs a requester', enqueue_run.kind
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Pass requested_by => the id of a row in auth.users.';
    END IF;

    IF requested_by IS NOT NULL AND NOT EXISTS (SELECT FROM auth.users WHERE users.id = enqueue_run.requested_by) THEN
        RAISE EXCEPTION 'there is no person %', requested_by
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Pass requested_by => the id of a row in auth.users.';
    END IF;

    created := false;
    LOOP
        INSERT INTO task_runs AS run (
            id, kind, args, queue, priority, state, scheduled_at, unique_key, requested_by, trace_context,
            max_attempts, schedule, slot, expires_at, args_version
        )
        VALUES (
            coalesce(enqueue_run.run_id, uuid_v7()), spec.name, enqueue_run.args, coalesce(enqueue_run.queue, spec.queue),
            coalesce(enqueue_run.priority, spec.priority),
            CASE WHEN due <= now() THEN 'available' ELSE 'scheduled' END::run_state,
            due, enqueue_run.unique_key, enqueue_run.requested_by, enqueue_run.trace_context,
            coalesce(enqueue_run.max_attempts, spec.max_attempts), enqueue_run.schedule, enqueue_run.slot,
            enqueue_run.expires_at, coalesce(enqueue_run.args_version, spec.args_version)
        )
        ON CONFLICT DO NOTHING
        RETURNING run.id INTO enqueue_run.id;
        IF enqueue_run.id IS NOT NULL THEN
            created := true;
            IF due <= now() THEN
                PERFORM pg_notify('dray_runs', '');
            END IF;
            RETURN;
        END IF;

        -- The same request was made before: under the same id, for the same slot, or under a key still in use.
        SELECT run.id INTO enqueue_run.id
        FROM task_runs run
        WHERE run.id = enqueue_run.run_id
           OR (run.schedule = enqueue_run.schedule AND run.slot = enqueue_run.slot)
           OR (run.kind = spec.name AND run.unique_key = enqueue_run.unique_key
               AND run.requested_by IS NOT DISTINCT FROM enqueue_run.requested_by
               AND run.state <> ALL (ARRAY['completed', 'discarded', 'cancelled']::run_state[]))
        LIMIT 1;
        IF enqueue_run.id IS NOT NULL THEN
            IF enqueue_run.id = enqueue_run.run_id AND NOT EXISTS (
                SELECT FROM task_runs run
                WHERE run.id = enqueue_run.run_id AND run.kind = spec.name
                  AND run.requested_by IS NOT DISTINCT FROM enqueue_run.requested_by
            ) THEN
                RAISE EXCEPTION 'the run id % is taken', enqueue_run.run_id
                    USING ERRCODE = 'invalid_parameter_value', HINT = 'An id of your own must be new, or of an equal request.';
            END IF;
            RETURN;
        END IF;
        -- The holder of the key ended between the two statements: the key is free again.
    END LOOP;
END
$$;

COMMENT ON FUNCTION enqueue_run IS 'Make a run inside the caller''s transaction. Returns its id, and whether it is new.';

REVOKE EXECUTE ON FUNCTION enqueue_run FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_run TO authenticated_users, dray_worker, dray_producer;
