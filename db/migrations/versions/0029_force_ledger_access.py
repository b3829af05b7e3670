"""Force ledger access."""

from __future__ import annotations

from db.migrations.script import execute_file

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    execute_file("0029_force_ledger_access.up.sql")


def downgrade() -> None:
    execute_file("0029_force_ledger_access.down.sql")
