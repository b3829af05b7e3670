"""The demo's steps, in order. Each sends one sort of work, follows it to its end, and gives a row for each run."""

from __future__ import annotations

from cli.demo.steps.alignments import align_translations
from cli.demo.steps.base import Demo, Row, Step
from cli.demo.steps.compliance import check_descriptions
from cli.demo.steps.exports import export_reports
from cli.demo.steps.insights import generate_insights
from cli.demo.steps.maintenance import show_maintenance
from cli.demo.steps.memory import fill_memory
from cli.demo.steps.simulations import simulate_projects
from cli.demo.steps.suggestions import suggest_wording

# A simulation and the insights come before the files, which show them; the memory before the suggestions, which use it.
STEPS: tuple[Step, ...] = (
    simulate_projects,
    generate_insights,
    export_reports,
    check_descriptions,
    fill_memory,
    align_translations,
    suggest_wording,
    show_maintenance,
)


def run_steps(demo: Demo, steps: tuple[Step, ...] = STEPS) -> list[Row]:
    """All rows of all steps."""
    return [row for step in steps for row in step(demo)]


__all__ = ["STEPS", "Demo", "Row", "Step", "run_steps"]
