"""Suggestions and checks."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    execute_file("0013_ai.up.sql")


def downgrade() -> None:
    execute_file("0013_ai.down.sql")
