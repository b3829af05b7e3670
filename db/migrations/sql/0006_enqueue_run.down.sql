DROP FUNCTION enqueue_run;
