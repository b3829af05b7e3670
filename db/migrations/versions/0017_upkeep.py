"""Upkeep: functions, triggers and views."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    execute_file("0017_upkeep.up.sql")


def downgrade() -> None:
    execute_file("0017_upkeep.down.sql")
