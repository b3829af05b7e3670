"""Identity."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    execute_file("0001_identity.up.sql")


def downgrade() -> None:
    execute_file("0001_identity.down.sql")
