"""The vocabulary that every part of Dray shares: no I/O, no Celery, no SQLAlchemy."""
