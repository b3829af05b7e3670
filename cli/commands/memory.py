"""`dray memory …`: the translation memory."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.commands.up import AsJson

app = typer.Typer(help="The translation memory: import, embed, look up, align.", no_args_is_help=True)

TMX = "application/x-tmx+xml"
Source = Annotated[str, typer.Option("--from", help="The language translated from: en or fr.")]
Target = Annotated[str, typer.Option("--to", help="The language translated into: en or fr.")]
Domain = Annotated[str | None, typer.Option(help="What the texts are about.")]


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="A TMX file.", exists=True, dir_okay=False, readable=True)],
    *,
    source: Source = "en",
    target: Target = "fr",
    domain: Domain = None,
    embed: Annotated[bool, typer.Option(help="Ask for vectors as well.")] = True,
    as_json: AsJson = False,
) -> None:
    """Read a TMX file into the memory."""
    from cli.asking import calling_api, perform, print_json

    body = {"source_language": source, "target_language": target, "domain": domain, "embed": embed}
    with calling_api() as api:
        handed_in = upload_file(api, file)
        run = perform(api, "/v1/memory/imports", {**body, "file_id": handed_in["id"]}, quiet=as_json)
    if as_json:
        print_json(run)
    else:
        typer.echo(import_summary(run["result"]))


@app.command()
def embed(
    *,
    batch_size: Annotated[int, typer.Option(min=1, max=2000, help="Texts handed to the model at once.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Give vectors to entries and chunks that have none of the current model."""
    from cli.asking import calling_api, perform, print_json

    with calling_api() as api:
        run = perform(api, "/v1/memory/embeddings", {"batch_size": batch_size}, quiet=as_json)
    if as_json:
        print_json(run)
    else:
        typer.echo(embedding_summary(run["result"]))


@app.command()
def lookup(
    text: Annotated[str, typer.Argument(help="The segment to translate.")],
    *,
    source: Source = "en",
    target: Target = "fr",
    domain: Domain = None,
    minimum_score: Annotated[float, typer.Option(min=0.3, max=1, help="Leave out fuzzy matches below this.")] = 0.7,
    limit: Annotated[int, typer.Option(min=1, max=20, help="How many matches at most.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Find translations of a text: the same, a similar one, or one of similar meaning."""
    from cli.asking import calling_api, perform, print_json

    body = {
        "text": text,
        "source_language": source,
        "target_language": target,
        "domain": domain,
        "minimum_score": minimum_score,
        "limit": limit,
    }
    with calling_api() as api:
        run = perform(api, "/v1/memory/lookups", body, quiet=as_json)
    if as_json:
        print_json(run)
    else:
        print_matches(run["result"]["matches"])


def upload_file(api: Any, file: Path) -> dict[str, Any]:
    """Hand a file in, piece by piece."""
    from urllib.parse import quote

    with file.open("rb") as content:
        handed_in: dict[str, Any] = api.upload(f"/v1/files?name={quote(file.name)}", content, media_type=TMX)
    return handed_in


def import_summary(result: Mapping[str, Any]) -> str:
    """Say in a line what an import did."""
    skipped = ", ".join(f"{count} skipped: {reason}" for reason, count in sorted(result["skipped"].items()))
    line = f"{result['read']} units read, {result['added']} entries added, {result['already_there']} already there"
    return f"{line}; {skipped}" if skipped else line


def embedding_summary(result: Mapping[str, Any]) -> str:
    """Say in a line what was embedded."""
    return (
        f"{result['entries']} entries and {result['chunks']} chunks embedded by {result['provider']}, {result['model']}"
    )


def match_lines(match: Mapping[str, Any]) -> tuple[str, str]:
    """Say in two lines what a match is."""
    warning = "  (other numbers)" if match["numbers_differ"] else ""
    return f"{match['kind']} {match['score']:.2f}  {match['source']}{warning}", f"  {match['target']}"


def print_matches(matches: Sequence[Mapping[str, Any]]) -> None:
    """Print a table of matches."""
    from rich.console import Console
    from rich.table import Table

    if not matches:
        typer.echo("No match.")
        return
    table = Table("kind", "score", "source", "target", "domain")
    for match in matches:
        warning = "\n(other numbers)" if match["numbers_differ"] else ""
        row = (
            match["kind"],
            f"{match['score']:.2f}",
            match["source"] + warning,
            match["target"],
            match["domain"] or "",
        )
        table.add_row(*row)
    Console(markup=False).print(table)
