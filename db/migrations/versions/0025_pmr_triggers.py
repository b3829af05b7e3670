"""PMR triggers."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    execute_file("0025_pmr_triggers.up.sql")


def downgrade() -> None:
    execute_file("0025_pmr_triggers.down.sql")
