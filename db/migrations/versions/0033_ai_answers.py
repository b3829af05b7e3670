"""AI answers."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    execute_file("0033_ai_answers.up.sql")


def downgrade() -> None:
    execute_file("0033_ai_answers.down.sql")
