"""Ledger."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    execute_file("0004_ledger.up.sql")


def downgrade() -> None:
    execute_file("0004_ledger.down.sql")
