"""`dray suggest`: better wording for a job description."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.commands.up import AsJson
from contracts.args.descriptions import SuggestionType


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(suggest)


def suggest(
    job: Annotated[str, typer.Argument(help="The id of the job description; with --language its job number.")],
    *,
    language: Annotated[str | None, typer.Option(help="en or fr: JOB is then a job number.")] = None,
    suggestion_type: Annotated[
        list[SuggestionType] | None, typer.Option("--type", help="Only this type; may be repeated.")
    ] = None,
    section: Annotated[list[str] | None, typer.Option(help="Only this section; may be repeated.")] = None,
    local: Annotated[bool, typer.Option("--local", help="Ask no AI provider.")] = False,
    as_json: AsJson = False,
) -> None:
    """Propose better wording for a job description, and print each change that waits for an answer."""
    from cli.asking import calling_api, perform, print_json
    from cli.commands.check import find_id

    with calling_api() as api:
        path = f"/v1/job-descriptions/{find_id(api, job, language)}/suggestions"
        run = perform(api, path, body(suggestion_type, section, local=local), quiet=as_json)
        pending = api.get(f"{path}?status=pending&limit=1000")["items"]
    shown = [one for one in pending if asked_for(one, suggestion_type, section)]
    if as_json:
        print_json({"run_id": run["id"], "result": run["result"], "suggestions": shown})
    else:
        typer.echo("\n".join(report(run["result"], shown)))


def body(types: Sequence[SuggestionType] | None, sections: Sequence[str] | None, *, local: bool) -> dict[str, Any]:
    """What is sent; what was not said is left out."""
    said = {"suggestion_types": list(types or ()), "sections": list(sections or ())}
    return {"local": local, **{name: value for name, value in said.items() if value}}


def asked_for(
    suggestion: dict[str, Any], types: Sequence[SuggestionType] | None, sections: Sequence[str] | None
) -> bool:
    """Is it of the types and sections that the command names?"""
    return (not types or suggestion["suggestion_type"] in types) and (
        not sections or suggestion["section_type"] in sections
    )


def report(result: dict[str, Any], suggestions: Sequence[dict[str, Any]]) -> list[str]:
    """Each change as a small diff, then what came of the run."""
    from cli.wording import show_change

    lines = [line for suggestion in suggestions for line in (*show_change(suggestion), "")]
    lines.append(f"Waiting for an answer: {len(suggestions)}. {summary(result)}")
    return lines


def summary(result: dict[str, Any]) -> str:
    """A run's figures in a sentence."""
    said = f"New: {result['suggested']}, there before: {result['already_there']}, by {result['provider']}"
    if dropped := result["dropped"]:
        said += f"; dropped: {', '.join(f'{name} {count}' for name, count in dropped.items())}"
    if result.get("cost_usd") is not None:
        said += f"; US$ {result['cost_usd']}"
    return said + "."
