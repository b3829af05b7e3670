"""`insight.generate`: what the figures of every sample report mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cli.demo.steps.base import Demo, Row

SHOWN = 3


def generate_insights(demo: Demo) -> list[Row]:
    """Every sample report."""
    asked: dict[str, str] = {}
    reports: dict[str, str] = {}
    for report in demo.api.get("/v1/reports")["items"]:
        run = demo.api.post(f"/v1/reports/{report['id']}/insights", {})
        asked[run["id"]] = f"{report['project']}, {report['period']}: insights"
        reports[run["id"]] = report["id"]
    ended = demo.follow(asked)
    return [insights_row(demo, label, reports[id_], ended.get(id_)) for id_, label in asked.items()]


def insights_row(demo: Demo, label: str, report_id: str, run: dict[str, Any] | None) -> Row:
    """Count what a run found, and show the most urgent of it."""
    if run is None or run["state"] != "completed":
        return demo.row(label, run)
    listed = demo.api.get(f"/v1/reports/{report_id}/insights")["items"]
    ours = [insight for insight in listed if insight["generator"]]
    return demo.row(label, run, came_out=summary(ours, run["result"]), excerpt=excerpt(ours))


def summary(insights: Sequence[Mapping[str, Any]], result: Mapping[str, Any]) -> str:
    """One line: how many, how urgent, and how many rules the report has no data for."""
    urgency = Counter(insight["priority"] for insight in insights)
    counts = ", ".join(f"{urgency[name]} {name}" for name in ("critical", "high", "medium", "low") if urgency[name])
    return f"{result['insights']} insights ({counts}); no data for {len(result['no_data'])} rules"


def excerpt(insights: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The first few, each with its first sentences."""
    lines = ((insight["title"], f"  {insight['content'].splitlines()[0]}") for insight in insights[:SHOWN])
    return tuple(line for pair in lines for line in pair)
