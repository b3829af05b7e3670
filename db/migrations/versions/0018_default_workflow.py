"""The default workflow and first versions."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    execute_file("0018_default_workflow.up.sql")


def downgrade() -> None:
    execute_file("0018_default_workflow.down.sql")
