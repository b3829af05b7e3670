"""`dray memory …`: the translation memory."""

from __future__ import annotations

import typer

app = typer.Typer(help="The translation memory: import, embed, look up, align.", no_args_is_help=True)
