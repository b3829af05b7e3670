"""`dray memory align`: sentences beside those of their translation."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli.asking import calling_api, perform, print_json
from cli.commands.up import AsJson

LOW = 0.6
NARROWEST = 80


def register(app: typer.Typer) -> None:
    """Add the command to those of the memory."""
    app.command(name="align")(align)


def align(
    pair: Annotated[int, typer.Argument(min=1, help="The pair's id, of translation_pairs.")],
    *,
    show: Annotated[int, typer.Option(min=0, max=1000, help="How many links to print side by side.")] = 10,
    below: Annotated[float | None, typer.Option(min=0, max=1, help="Print only links less sure than this.")] = None,
    as_json: AsJson = False,
) -> None:
    """Pair the sentences of a document with those of its translation."""
    path = f"/v1/translation-pairs/{pair}/alignments"
    query = f"?limit={max(show, 1)}" + ("" if below is None else f"&below={below}")
    with calling_api() as api:
        run = perform(api, path, {}, quiet=as_json)
        links = api.get(path + query)["items"][:show]
    if as_json:
        print_json({**run["result"], "run_id": run["id"], "alignments": links})
        return
    typer.echo(summary(run["result"]))
    if links:
        print_side_by_side(links)


def summary(result: Mapping[str, Any]) -> str:
    """Say in a line what an alignment came to: `93 : 95 sentences, 90 links, mean confidence 0.93`."""
    source, target = result["sentences"]
    links = sum(result["links"].values())
    return f"{source} : {target} sentences, {links} links, mean confidence {result['mean_confidence']:.2f}"


def print_side_by_side(links: Sequence[Mapping[str, Any]]) -> None:
    """Print the two texts in two columns, what is less sure marked."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    table = Table("", "sure", "source", "target", box=SIMPLE_HEAD, expand=True, show_lines=False, padding=(0, 1, 1, 0))
    table.columns[2].ratio = table.columns[3].ratio = 1
    for link in links:
        confidence = link["confidence"]
        sure = "" if confidence is None else f"{confidence:.2f}"
        low = confidence is not None and confidence < LOW
        style = "yellow" if low else ""
        texts = (Text(link[side]["text"] if link[side] else "(nothing)") for side in ("source", "target"))
        table.add_row("?" if low else " ", sure, *texts, style=style)
    console.print(table, width=max(console.width, NARROWEST))
