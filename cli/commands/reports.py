"""`dray report …`: monthly reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli.asking import calling_api, perform, print_json
from cli.commands.export import choose
from cli.commands.up import AsJson
from contracts.args.reports import InsightCategory

app = typer.Typer(help="Monthly reports.", no_args_is_help=True)


@app.callback()
def reports() -> None:
    """Monthly reports."""


@app.command()
def insights(
    report: Annotated[
        str, typer.Argument(help="The report, as `dray export` takes it: its id, words of its title, or `latest`.")
    ],
    *,
    category: Annotated[list[InsightCategory] | None, typer.Option(help="Only this category; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a report's figures mean, and print all its insights."""
    wanted = list(category or ())
    with calling_api() as api:
        path = f"/v1/reports/{choose(api, report)['id']}/insights"
        run = perform(api, path, {"categories": wanted} if wanted else {}, quiet=as_json)
        listed = api.get(path + "".join(f"{'&' if n else '?'}category={one}" for n, one in enumerate(wanted)))["items"]
    if as_json:
        print_json({"run": run["id"], "result": run["result"], "insights": listed})
    else:
        print_insights(listed, run["result"])


def print_insights(listed: Sequence[Mapping[str, Any]], result: Mapping[str, Any]) -> None:
    """Print insights as people read them, and which rules had nothing to go by."""
    for one in listed:
        by = one["generator"] or "written by hand or by another service"
        typer.echo(f"{one['priority'].upper()}  {one['title']}")
        typer.echo(
            f"  {one['category']}, {one['insight_type']}, confidence {one['confidence_score']:.0%}, "
            f"{one['validation_status']}, {by}"
        )
        typer.echo("\n".join(f"  {line}" for line in one["content"].splitlines()))
        if one["predicted_impact"]:
            typer.echo(f"  Impact: {one['predicted_impact']}")
        for action in one["recommended_actions"]:
            typer.echo(f"  - {action}")
        typer.echo("")
    counts = ", ".join(f"{result[name]} {name}" for name in ("inserted", "updated", "unchanged", "removed"))
    typer.echo(f"Of this run: {counts}.")
    for rule, needs in result["no_data"].items():
        typer.echo(f"No data for {rule}. It needs: {needs}")
