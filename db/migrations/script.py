"""What every revision does: run a file of SQL."""

from __future__ import annotations

from pathlib import Path

from alembic import op

SQL = Path(__file__).parent / "sql"


def execute_file(name: str) -> None:
    """Run `sql/<name>` in the migration's transaction. Its percent signs are its own: there are no parameters."""
    connection = op.get_bind().execution_options(no_parameters=True)
    connection.exec_driver_sql((SQL / name).read_text(encoding="utf-8"))
