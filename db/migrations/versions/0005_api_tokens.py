"""Api tokens."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    execute_file("0005_api_tokens.up.sql")


def downgrade() -> None:
    execute_file("0005_api_tokens.down.sql")
