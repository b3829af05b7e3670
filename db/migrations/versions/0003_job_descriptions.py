"""Job descriptions."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    execute_file("0003_job_descriptions.up.sql")


def downgrade() -> None:
    execute_file("0003_job_descriptions.down.sql")
