"""Access."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    execute_file("0008_access.up.sql")


def downgrade() -> None:
    execute_file("0008_access.down.sql")
