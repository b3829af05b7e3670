"""Sections, chunks and the cost of AI."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    execute_file("0010_sections.up.sql")


def downgrade() -> None:
    execute_file("0010_sections.down.sql")
