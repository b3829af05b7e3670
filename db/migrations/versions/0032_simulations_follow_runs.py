"""Simulations follow runs."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    execute_file("0032_simulations_follow_runs.up.sql")


def downgrade() -> None:
    execute_file("0032_simulations_follow_runs.down.sql")
