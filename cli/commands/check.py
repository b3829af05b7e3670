"""`dray check`: a job description is held against the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any, get_args
from urllib.parse import quote

import typer

from cli.api_client import ApiClient
from cli.asking import calling_api, perform, print_json
from cli.commands.up import AsJson
from contracts.args.base import Language
from contracts.args.descriptions import CheckType
from contracts.errors import DrayError

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
LONGEST_SHOWN = 76


class NoSuchDescription(DrayError):
    """There is no such job description, or you may not read it."""


class NotCompliant(DrayError):
    """The job description breaks rules."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="check")(check)


def check(
    job: Annotated[str, typer.Argument(help="The id of the job description; with --language its job number.")],
    *,
    language: Annotated[str | None, typer.Option(help="en or fr: JOB is then a job number.")] = None,
    check_type: Annotated[
        list[CheckType] | None, typer.Option("--type", help="Only rules of this type; may be repeated.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a rule is violated.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hold a job description against the rules, and list what is to be mended, with line and column."""
    with calling_api() as api:
        path = f"/v1/job-descriptions/{find_id(api, job, language)}/compliance-checks"
        types = [str(one) for one in check_type or []]
        run = perform(api, path, {"check_types": types or None}, quiet=as_json)
        wanted = "&".join(f"check_type={one}" for one in types)
        findings = all_findings(api, f"{path}?{wanted}")
    if as_json:
        print_json({"run": run["id"], "result": run["result"], "findings": findings})
    else:
        print_findings(findings)
    if strict and (violations := of_status(findings, "violation")):
        raise NotCompliant(f"{count(len(violations), 'violation')} found, and --strict was given.")


def all_findings(api: ApiClient, first: str) -> list[dict[str, Any]]:
    """Fetch the findings page by page."""
    findings: list[dict[str, Any]] = []
    following: str | None = first
    while following:
        page = api.get(following)
        findings += page["items"]
        following = page["next"]
    return findings


def find_id(api: ApiClient, job: str, language: str | None) -> int:
    """Turn what was typed into an id.

    Raises:
        NoSuchDescription: nothing that you may see is called so.
    """
    if language is None:
        if not job.isdecimal():
            raise NoSuchDescription(f"{job!r} is no id. Give --language en or fr if it is a job number.")
        return int(job)
    if language not in (languages := get_args(Language)):
        raise NoSuchDescription(f"There are rules for {' and '.join(languages)}, none for {language!r}.")
    found = api.get(f"/v1/job-descriptions?job_number={quote(job, safe='')}&language={language}")["items"]
    if not found:
        raise NoSuchDescription(f"There is no job description {job} in {language!r}, or you may not read it.")
    return int(found[0]["id"])


def of_status(findings: Iterable[Mapping[str, Any]], status: str) -> list[Mapping[str, Any]]:
    """The findings of one status that are still to be dealt with."""
    return [finding for finding in findings if finding["status"] == status and not finding["fix_applied"]]


def summary(findings: list[dict[str, Any]]) -> str:
    """Count what came out."""
    violations, warnings = (len(of_status(findings, status)) for status in ("violation", "warning"))
    kept = len(of_status(findings, "compliant"))
    return f"{count(violations, 'violation')}, {count(warnings, 'warning')}, {count(kept, 'rule')} kept"


def count(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_findings(findings: list[dict[str, Any]]) -> None:
    """Print what is broken by type of check, and count what is kept."""
    from rich.console import Console  # noqa: PLC0415 - `dray --help` is quick

    console = Console(highlight=False)
    broken = [one for one in findings if one["status"] != "compliant"]
    for check_type, group in groupby(
        sorted(broken, key=lambda one: str(one["check_type"])), lambda one: one["check_type"]
    ):
        console.print(f"\n{check_type}", style="bold")
        for finding in group:
            console.print(describe(finding), soft_wrap=True)
    console.print(f"\n{summary(findings)}")


def describe(finding: Mapping[str, Any]) -> Text:
    """Show a finding: place, severity and rule, then the text that was flagged and what to do about it."""
    from rich.text import Text  # noqa: PLC0415 - `dray --help` is quick

    style = STYLES.get(finding["severity"], "")
    said = " (acknowledged)" if finding["acknowledged_at"] else " (mended)" if finding["fix_applied"] else ""
    shown = Text(f"  {place(finding):>8}  ")
    shown.append(f"{finding['severity']} {finding['status']}", style=style).append(f"  {finding['rule']}{said}\n")
    if finding["flagged_text"]:
        shown.append(f"{'':12}{shorten(finding['flagged_text'])}\n", style="italic")
    return shown.append(f"{'':12}{finding['recommendation']}", style="dim")


def place(finding: Mapping[str, Any]) -> str:
    """Where a finding is: line and column, or that there is nothing to point at."""
    if finding["line"]:
        return f"{finding['line']}:{finding['column']}"
    return "moved" if finding["stale"] else "missing"


def shorten(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Show a text on one line: its beginning, with every sort of space that matters made visible."""
    line = " ".join(text.split("\n")).replace("\u202f", "\u00a0")
    if not line.strip():
        return f"“{line}” ({len(text)} spaces)"
    return f"“{line}”" if len(line) <= longest else f"“{line[:longest].rstrip()}…”"
