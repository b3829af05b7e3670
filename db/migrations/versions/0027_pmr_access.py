"""PMR access."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    execute_file("0027_pmr_access.up.sql")


def downgrade() -> None:
    execute_file("0027_pmr_access.down.sql")
