"""Celery's settings: constants only. The broker's address comes from the environment (workers/app.py).

Celery carries rings, nothing else. Retries, due times, results and limits that matter live in the ledger, so whatever
could lose or repeat a message here is harmless.
"""

# JSON in, JSON out; pickle never.
task_serializer = "json"
event_serializer = "json"
result_serializer = "json"
accept_content = ["json"]
result_accept_content = ["json"]

# No result backend: results are rows.
task_ignore_result = True
task_store_errors_even_if_ignored = False

# A ring is taken off the broker when it has been answered, whatever the answer was: the ledger decides what is next.
task_acks_late = True
task_acks_on_failure = True
task_acks_on_timeout = True
task_reject_on_worker_lost = False
worker_prefetch_multiplier = 1
worker_cancel_long_running_tasks_on_connection_loss = False

# A child is renewed now and then, so that what a library leaks is given back. Memory in KiB.
worker_max_tasks_per_child = 500
worker_max_memory_per_child = 600_000

# Flower sees the runs themselves: the executor sends their events. Only the workers' own events come from Celery.
worker_send_task_events = True
task_send_sent_event = False

worker_hijack_root_logger = False
worker_redirect_stdouts = False
task_default_queue = "default"
task_create_missing_queues = True

broker_connection_retry_on_startup = True
broker_connection_max_retries = None
broker_pool_acquire_timeout = 10
broker_transport_options = {
    # 0 is the most urgent, as in the ledger. Redis keeps one list for each step.
    "priority_steps": [0, 3, 6, 9],
    "queue_order_strategy": "round_robin",
    # Longer than any ring may take; recovery never waits for it.
    "visibility_timeout": 6 * 3600,
    "health_check_interval": 10,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
}
