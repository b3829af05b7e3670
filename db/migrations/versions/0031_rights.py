"""Rights."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    execute_file("0031_rights.up.sql")


def downgrade() -> None:
    execute_file("0031_rights.down.sql")
