"""Alembic's scripts. Each revision is two files of plain SQL in `sql/`, one for each way."""
