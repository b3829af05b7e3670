"""`dray simulate`: a project is played through many times."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
