"""PMR views."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    execute_file("0037_pmr_views.up.sql")


def downgrade() -> None:
    execute_file("0037_pmr_views.down.sql")
