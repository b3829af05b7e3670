"""People."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    execute_file("0009_people.up.sql")


def downgrade() -> None:
    execute_file("0009_people.down.sql")
