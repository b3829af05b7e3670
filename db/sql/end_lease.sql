-- The process that held this attempt is gone: the rescue need not wait for the lease.
UPDATE task_runs SET lease_until = now() WHERE id = :id AND attempt = :attempt AND state = 'executing'
