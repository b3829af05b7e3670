"""PMR views."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    execute_file("0026_pmr_views.up.sql")


def downgrade() -> None:
    execute_file("0026_pmr_views.down.sql")
