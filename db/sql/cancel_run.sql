-- Call a run off (see the function's own definition).
SELECT cancel_run(run_id => :id, reason => :reason)
