"""`suggestion.create`: better wording for the sample descriptions, by local means."""

from __future__ import annotations

from typing import Any

from cli.api_client import ApiRefused
from cli.demo.steps.base import Demo, Row
from cli.wording import visible

SHOWN = 3


def suggest_wording(demo: Demo) -> list[Row]:
    """Better wording for every sample description."""
    descriptions = demo.api.get("/v1/job-descriptions")["items"]
    if not descriptions:
        raise ApiRefused("The API lists no job description: load the sample data with `dray db seed`.")
    return [suggestion_row(demo, description) for description in descriptions]


def suggestion_row(demo: Demo, description: dict[str, Any]) -> Row:
    """Ask for one description, and show the first changes."""
    label = f"{description['title']} ({description['language']}): wording"
    path = f"/v1/job-descriptions/{description['id']}/suggestions"
    run = demo.perform(label, path, {"local": True})
    if run is None or run["state"] != "completed":
        return demo.row(label, run)
    suggestions = demo.api.get(path)["items"]
    return demo.row(label, run, came_out=outcome(run["result"], suggestions), excerpt=excerpt(suggestions))


def outcome(result: dict[str, Any], suggestions: list[dict[str, Any]]) -> str:
    """How many of what type."""
    counts: dict[str, int] = {}
    for suggestion in suggestions:
        counts[suggestion["suggestion_type"]] = counts.get(suggestion["suggestion_type"], 0) + 1
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing to correct"
    return f"{kinds} (by {result['provider']}; dropped {sum(result['dropped'].values())})"


def excerpt(suggestions: list[dict[str, Any]]) -> tuple[str, ...]:
    """The first changes that differ as before -> after, each with its reason."""
    different = {(one["original_text"], one["suggested_text"]): one for one in reversed(suggestions)}
    shown = sorted(different.values(), key=lambda one: one["start"] or 0)[:SHOWN]
    return tuple(
        line
        for suggestion in shown
        for line in (
            visible(f"{suggestion['original_text']}  ->  {suggestion['suggested_text']}"),
            f"    {suggestion['explanation']}",
        )
    )
