"""Distribution."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    execute_file("0020_distribution.up.sql")


def downgrade() -> None:
    execute_file("0020_distribution.down.sql")
