"""Default templates."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    execute_file("0039_default_templates.up.sql")


def downgrade() -> None:
    execute_file("0039_default_templates.down.sql")
