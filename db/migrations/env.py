"""Alembic's entry: runs on the connection that db.migrate opened."""

from __future__ import annotations

from alembic import context

from db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # A database is adopted as a whole or not at all.
    transaction_per_migration=not context.config.attributes.get("adopting"),
)
with context.begin_transaction():
    context.run_migrations()
