"""Exports follow runs."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    execute_file("0007_exports_follow_runs.up.sql")


def downgrade() -> None:
    execute_file("0007_exports_follow_runs.down.sql")
