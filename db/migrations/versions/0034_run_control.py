"""Run control."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    execute_file("0034_run_control.up.sql")


def downgrade() -> None:
    execute_file("0034_run_control.down.sql")
