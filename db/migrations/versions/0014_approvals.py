"""Approvals and versions."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    execute_file("0014_approvals.up.sql")


def downgrade() -> None:
    execute_file("0014_approvals.down.sql")
