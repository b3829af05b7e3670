"""Stuck exports."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    execute_file("0035_stuck_exports.up.sql")


def downgrade() -> None:
    execute_file("0035_stuck_exports.down.sql")
