"""Analytics."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    execute_file("0015_analytics.up.sql")


def downgrade() -> None:
    execute_file("0015_analytics.down.sql")
