"""Report keys."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    execute_file("0023_report_keys.up.sql")


def downgrade() -> None:
    execute_file("0023_report_keys.down.sql")
