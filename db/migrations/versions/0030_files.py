"""Files."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    execute_file("0030_files.up.sql")


def downgrade() -> None:
    execute_file("0030_files.down.sql")
