"""`dray simulate`: a project is played through many times."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from cli.commands.up import AsJson
from contracts.errors import DrayError

if TYPE_CHECKING:
    from cli.api_client import ApiClient


class NoSuchProject(DrayError):
    """No project that you may see is called that."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(simulate)


def simulate(
    project: Annotated[str, typer.Argument(help="The project's id, or a part of its name that no other has.")],
    *,
    iterations: Annotated[int | None, typer.Option(min=100, max=1_000_000, help="How often; 10,000 if absent.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed gives the same results.")] = None,
    report: Annotated[UUID | None, typer.Option(help="The report that is to show the simulation.")] = None,
    correlation: Annotated[float | None, typer.Option(min=0, max=0.999, help="Between inputs; 0.3 if absent.")] = None,
    target_cost: Annotated[float | None, typer.Option(min=0, help="The project's budget if absent.")] = None,
    target_date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The project's end date if absent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate what a project will cost and when it will be finished."""
    from cli.asking import calling_api, perform, print_json
    from cli.simulation_text import summary_lines

    given = {
        "iterations": iterations,
        "seed": seed,
        "report_id": str(report) if report else None,
        "correlation": correlation,
        "target_cost": target_cost,
        "target_date": str(target_date.date()) if target_date else None,
    }
    with calling_api() as api:
        found = find_project(api, project)
        body = {name: value for name, value in given.items() if value is not None}
        run = perform(api, f"/v1/projects/{found['id']}/simulations", body, quiet=as_json)
        simulation = api.get(f"/v1/simulations/{run['id']}")
    if as_json:
        print_json(simulation)
        return
    typer.echo(f"{found['name']}\n{simulation['iterations']:,} iterations, seed {simulation['seed']}\n")
    typer.echo("\n".join(summary_lines(simulation["summary"])))


def find_project(api: ApiClient, wanted: str) -> dict[str, Any]:
    """Return the one project with this id or with this in its name.

    Raises:
        NoSuchProject: there is none, or more than one.
    """
    projects: list[dict[str, Any]] = api.get("/v1/projects?limit=200")["items"]
    found = [one for one in projects if one["id"] == wanted.lower()]
    found = found or [one for one in projects if wanted.lower() in one["name"].lower()]
    if len(found) == 1:
        return found[0]
    names = "; ".join(one["name"] for one in found or projects) or "none"
    how_many = "Several projects are" if found else "No project that you may see is"
    raise NoSuchProject(f"{how_many} called {wanted!r}. Name one of: {names}.")
