"""A step of the demo."""

from __future__ import annotations

from cli.demo.steps.base import Demo, Row


def show_maintenance(demo: Demo) -> list[Row]:  # noqa: ARG001
    """Nothing yet."""
    return []
