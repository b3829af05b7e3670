"""Simulation."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    execute_file("0022_simulation.up.sql")


def downgrade() -> None:
    execute_file("0022_simulation.down.sql")
