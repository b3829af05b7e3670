"""Default templates."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    execute_file("0028_default_templates.up.sql")


def downgrade() -> None:
    execute_file("0028_default_templates.down.sql")
