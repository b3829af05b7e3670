"""Translation."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    execute_file("0012_translation.up.sql")


def downgrade() -> None:
    execute_file("0012_translation.down.sql")
