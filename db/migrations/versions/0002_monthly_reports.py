"""Monthly reports."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    execute_file("0002_monthly_reports.up.sql")


def downgrade() -> None:
    execute_file("0002_monthly_reports.down.sql")
