"""Upkeep: functions, triggers and views."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    execute_file("0016_upkeep.up.sql")


def downgrade() -> None:
    execute_file("0016_upkeep.down.sql")
