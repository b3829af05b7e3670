"""Stuck exports."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0060"
down_revision = "0033"


def upgrade() -> None:
    execute_file("0060_stuck_exports.up.sql")


def downgrade() -> None:
    execute_file("0060_stuck_exports.down.sql")
