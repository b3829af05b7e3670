"""The processes that do the work, and the only folder that knows Celery."""
