"""People."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    execute_file("0010_people.up.sql")


def downgrade() -> None:
    execute_file("0010_people.down.sql")
