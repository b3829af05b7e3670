-- The one way in (see the function's own definition).
SELECT id, created
FROM enqueue_run(
    kind => :kind,
    args => CAST(:args AS jsonb),
    queue => :queue,
    priority => :priority,
    due_at => :due_at,
    unique_key => :unique_key,
    requested_by => :requested_by,
    trace_context => CAST(:trace_context AS jsonb),
    max_attempts => :max_attempts,
    run_id => :run_id,
    schedule => :schedule,
    slot => :slot,
    expires_at => :expires_at,
    args_version => :args_version
)
