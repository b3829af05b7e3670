"""`compliance.check`: every sample description against the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.api_client import ApiRefused
from cli.commands.check import place, shorten, summary
from cli.demo.steps.base import Demo, Row

RANKS = {"critical": 0, "high": 1, "medium": 2, "low": 3}
MOST_SHOWN = 3
FLAGGED = 48


def check_descriptions(demo: Demo) -> list[Row]:
    """Every sample description against every rule of its language."""
    asked: dict[str, tuple[str, str]] = {}
    for description in demo.api.get("/v1/job-descriptions")["items"]:
        path = f"/v1/job-descriptions/{description['id']}/compliance-checks"
        run = demo.api.post(path, {})
        asked[run["id"]] = (f"{description['classification']} {description['title']} ({description['language']})", path)
    if not asked:
        raise ApiRefused("The API lists no job description: load the sample data with `dray db seed`.")
    ended = demo.follow({run_id: label for run_id, (label, _) in asked.items()})
    return [check_row(demo, label, path, ended.get(run_id)) for run_id, (label, path) in asked.items()]


def check_row(demo: Demo, label: str, path: str, run: dict[str, Any] | None) -> Row:
    """Fetch what a finished check found and show the gravest of it."""
    if run is None or run["state"] != "completed":
        return demo.row(f"check: {label}", run)
    findings = demo.api.get(path)["items"]
    broken = sorted((one for one in findings if one["status"] != "compliant"), key=gravity)
    excerpt = tuple(line for finding in first_of_each(broken)[:MOST_SHOWN] for line in lines(finding))
    return demo.row(f"check: {label}", run, came_out=summary(findings), excerpt=excerpt)


def gravity(finding: Mapping[str, Any]) -> tuple[bool, int, int]:
    """The gravest first: violations before warnings, then by severity, then in the order of the text."""
    return finding["status"] != "violation", RANKS.get(finding["severity"], len(RANKS)), finding["start"] or 0


def first_of_each(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One finding a rule, in the given order."""
    firsts: dict[str, dict[str, Any]] = {}
    for finding in findings:
        firsts.setdefault(finding["rule"], finding)
    return list(firsts.values())


def lines(finding: Mapping[str, Any]) -> tuple[str, str]:
    """Show a finding on two lines: what and where, and what to do."""
    flagged = f"  {shorten(finding['flagged_text'], FLAGGED)}" if finding["flagged_text"] else ""
    return f"{place(finding)}  {finding['rule']} ({finding['severity']}){flagged}", f"  {finding['recommendation']}"
