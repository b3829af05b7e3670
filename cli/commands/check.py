"""`dray check`: a job description is held against the rules."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
