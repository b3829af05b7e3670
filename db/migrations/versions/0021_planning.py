"""Planning."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    execute_file("0021_planning.up.sql")


def downgrade() -> None:
    execute_file("0021_planning.down.sql")
