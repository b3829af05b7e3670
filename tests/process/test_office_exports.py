"""Word files and presentations from the request over HTTP to the stored file."""

from __future__ import annotations

import re
from typing import Any

import pytest

from db.seed import SAMPLES, read_yaml
from tests.support.samples import LOCKS_REPORT
from tests.support.service import Service
from tests.unit.exporters.office_files import parts, squeezed, texts

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]
OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return read_yaml(SAMPLES / "reports" / "heron-reach-locks-2026-10.yaml")


def exported(service: Service, file_format: str) -> tuple[dict[str, Any], bytes]:
    """Ask for the file, wait until its run is completed, and fetch it from the store."""
    run = service.perform(f"/v1/reports/{LOCKS_REPORT}/exports", {"format": file_format})
    assert run["state"] == "completed", run
    shown: dict[str, Any] = service.client.get(f"/v1/exports/{run['id']}").raise_for_status().json()
    file = service.client.get(shown["download_url"]).raise_for_status()
    assert len(file.content) == shown["file_size"]
    return {**shown, **file.headers}, file.content


def assert_holds_the_figures(said: str, report: dict[str, Any]) -> None:
    for name in ("budget_at_completion", "earned_value", "actual_cost", "estimate_at_completion"):
        assert f"${report['metrics'][name]:,.0f}" in said, name
    sections = {section["id"]: section for section in report["sections"]}
    for risk in sections["risks_issues"]["content"]["risks"]:
        assert squeezed(risk["response"]) in said
    for insight in report["insights"]:
        assert squeezed(insight["title"]) in said


def test_a_word_file_asked_for_over_http_holds_the_reports_own_figures(
    service: Service, report: dict[str, Any]
) -> None:
    shown, file = exported(service, "word")
    assert shown["content-type"] == f"{OFFICE}.wordprocessingml.document"
    assert ".docx" in shown["content-disposition"]
    package = parts(file)
    assert_holds_the_figures(squeezed(*texts(package["word/document.xml"])), report)
    assert len([name for name in package if name.startswith("word/charts/chart")]) == 2


def test_a_presentation_asked_for_over_http_holds_the_reports_own_figures(
    service: Service, report: dict[str, Any]
) -> None:
    shown, file = exported(service, "powerpoint")
    assert shown["content-type"] == f"{OFFICE}.presentationml.presentation"
    assert ".pptx" in shown["content-disposition"]
    package = parts(file)
    pages = [name for name in package if re.fullmatch(r"ppt/(slides|notesSlides)/\w+\.xml", name)]
    assert_holds_the_figures(squeezed(*(text for name in pages for text in texts(package[name]))), report)
    assert len([name for name in package if name.startswith("ppt/charts/chart")]) == 2
