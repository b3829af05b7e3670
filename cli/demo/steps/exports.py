"""`report.export`: every sample report in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cli.api_client import ApiRefused
from cli.demo.steps.base import Demo, Row
from contracts.args.reports import ExportFormat


def export_reports(demo: Demo) -> list[Row]:
    """Every sample report in every format."""
    asked: dict[str, str] = {}
    for report in demo.api.get("/v1/reports")["items"]:
        for form in ExportFormat:
            export = demo.api.post(f"/v1/reports/{report['id']}/exports", {"format": form})
            asked[export["id"]] = f"{report['project']}, {report['period']}: {form}"
    if not asked:
        raise ApiRefused("The API lists no report: load the sample data with `dray db seed`.")
    ended = demo.follow(asked)
    return [export_row(demo, label, id_, ended.get(id_)) for id_, label in asked.items()]


def export_row(demo: Demo, label: str, export_id: str, run: dict[str, Any] | None) -> Row:
    """Fetch the file of a finished export and say how it went."""
    if run is None or run["state"] != "completed":
        return demo.row(label, run)
    file = fetch(demo, demo.api.get(f"/v1/exports/{export_id}"))
    return demo.row(label, run, came_out=f"{file.stat().st_size / 1000:.0f} kB  {file.name}")


def fetch(demo: Demo, export: dict[str, Any]) -> Path:
    """Download the file and hold it against the size that the API states."""
    file = demo.api.download(export["download_url"], demo.folder, fallback=export["id"])
    if file.stat().st_size != export["file_size"]:
        raise ApiRefused(f"{file} has {file.stat().st_size} bytes, the API states {export['file_size']}.")
    return file
