"""What every revision does: run a file of SQL."""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

from db.migrations.fitting import execute_fitting

SQL = Path(__file__).parent / "sql"


def execute_file(name: str) -> None:
    """Run `sql/<name>` in the migration's transaction. Its percent signs are its own: there are no parameters."""
    script = (SQL / name).read_text(encoding="utf-8")
    if context.config.attributes.get("adopting"):
        execute_fitting(op.get_bind(), script)
    else:
        op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})
