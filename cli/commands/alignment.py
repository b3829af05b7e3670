"""`dray memory align`: sentences beside those of their translation."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command to those of the memory."""
