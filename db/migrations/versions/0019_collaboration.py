"""Collaboration."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    execute_file("0019_collaboration.up.sql")


def downgrade() -> None:
    execute_file("0019_collaboration.down.sql")
