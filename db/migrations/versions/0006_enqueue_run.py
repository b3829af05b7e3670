"""Enqueue run."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    execute_file("0006_enqueue_run.up.sql")


def downgrade() -> None:
    execute_file("0006_enqueue_run.down.sql")
