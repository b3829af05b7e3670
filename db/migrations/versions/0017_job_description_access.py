"""Who may read and write job descriptions."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    execute_file("0017_job_description_access.up.sql")


def downgrade() -> None:
    execute_file("0017_job_description_access.down.sql")
