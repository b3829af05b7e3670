"""PMR functions."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    execute_file("0024_pmr_functions.up.sql")


def downgrade() -> None:
    execute_file("0024_pmr_functions.down.sql")
