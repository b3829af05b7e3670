"""Editing together."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    execute_file("0011_editing.up.sql")


def downgrade() -> None:
    execute_file("0011_editing.down.sql")
