"""`simulation.run`: every project that has a plan is played through, and its newest report shows it."""

from __future__ import annotations

from typing import Any

from cli.demo.steps.base import Demo, Row
from cli.simulation_text import excerpt_lines, money, percent

SEED = 2026


def simulate_projects(demo: Demo) -> list[Row]:
    """Simulate each planned project for its newest report."""
    reports = demo.api.get("/v1/reports")["items"]
    asked: dict[str, str] = {}
    for project in demo.api.get("/v1/projects")["items"]:
        if not project["has_plan"]:
            continue
        body: dict[str, Any] = {"seed": SEED}
        # The list has the newest month first.
        if newest := next((one for one in reports if one["project"] == project["name"]), None):
            body["report_id"] = newest["id"]
        run = demo.api.post(f"/v1/projects/{project['id']}/simulations", body)
        asked[run["id"]] = f"{project['name']}: simulation"
    ended = demo.follow(asked)
    return [simulation_row(demo, label, id_, ended.get(id_)) for id_, label in asked.items()]


def simulation_row(demo: Demo, label: str, simulation_id: str, run: dict[str, Any] | None) -> Row:
    """Say what a simulation found."""
    if run is None or run["state"] != "completed":
        return demo.row(label, run)
    summary = demo.api.get(f"/v1/simulations/{simulation_id}")["summary"]
    p80 = summary["cost"]["percentiles"]["p80"]
    both = percent(summary["joint_probability"])
    came_out = f"P80 {money(p80)} {summary['currency']}, {summary['schedule']['percentiles']['p80']}; both kept: {both}"
    return demo.row(label, run, came_out=came_out, excerpt=excerpt_lines(summary))
