"""Slides from HTTP to the stored file, and `dray export` as a user gives it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from lxml import html

from db.seed import SAMPLES, read_yaml
from tests.support.processes import ROOT
from tests.support.samples import LOCKS_REPORT, SPONSOR
from tests.support.service import Service
from tests.unit.tasks.test_report_document import SIMULATED

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

EXPORTS = f"/v1/reports/{LOCKS_REPORT}/exports"


def deck(service: Service, **options: Any) -> tuple[dict[str, Any], bytes]:
    """Ask for slides; return the run and the file that was stored."""
    run = service.perform(EXPORTS, {"format": "slides", "options": options})
    assert run["state"] == "completed", run
    export = service.watcher.export(run["id"])
    assert (export["status"], export["file_type"]) == ("completed", "text/html; charset=utf-8")
    stored = (service.processes.storage / str(export["file_url"]).removeprefix("store://")).read_bytes()
    assert len(stored) == export["file_size"]
    assert sha256(stored).hexdigest() == export["file_sha256"]
    return run, stored


def text_of(file: bytes) -> str:
    return " ".join(html.tostring(html.document_fromstring(file.decode()), method="text", encoding="unicode").split())


def test_slides_asked_for_over_http_hold_the_reports_own_figures(service: Service) -> None:
    run, stored = deck(service)
    shown = service.client.get(f"/v1/exports/{run['id']}").json()
    answer = service.client.get(shown["download_url"])
    assert answer.content == stored
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert ".html" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment")
    report = read_yaml(SAMPLES / "reports" / "heron-reach-locks-2026-10.yaml")
    text = text_of(stored)
    for name in ("budget_at_completion", "earned_value", "actual_cost", "estimate_at_completion"):
        assert f"${report['metrics'][name]:,.0f}" in text, name
    sections = {section["id"]: section for section in report["sections"]}
    for risk in sections["risks_issues"]["content"]["risks"]:
        assert risk["title"] in text
        assert " ".join(risk["response"].split()) in text
        assert f"${risk['cost_impact']['most_likely']:,.0f}" in text


def test_asked_for_twice_the_slides_are_the_same(service: Service) -> None:
    (first, one), (second, two) = deck(service), deck(service)
    assert first["id"] != second["id"]
    assert one == two


def test_the_language_and_the_sections_asked_for_are_honoured(service: Service) -> None:
    _, file = deck(service, language="fr", sections=["risks_issues"])
    assert "Diapositive 3 sur" in text_of(file)
    assert "CR-01" not in text_of(file)


def test_a_stored_simulation_is_in_the_file(service: Service) -> None:
    with psycopg.connect(service.database.migrator_url) as connection:
        connection.execute("SELECT set_config('request.jwt.claim.sub', %s, true)", [str(SPONSOR)])
        changed = connection.execute(
            "UPDATE pmr_reports SET monte_carlo_analysis = %s WHERE id = %s", [json.dumps(SIMULATED), LOCKS_REPORT]
        )
        assert changed.rowcount == 1
    _, file = deck(service, sections=["monte_carlo_analysis"])
    text = text_of(file)
    for figure in ("$1,190,000", "$1,243,210", "$209,210", "1.5%", "28.4%", "May 14, 2027", "Unsound concrete"):
        assert figure in text


def test_what_only_the_worker_can_find_is_in_the_runs_error(service: Service) -> None:
    run = service.perform(EXPORTS, {"format": "slides", "options": {"sections": ["risks"]}})
    assert run["state"] == "discarded"
    assert "The report has no section 'risks'" in run["last_error"]
    assert service.watcher.export(run["id"])["status"] == "failed"


def test_wrong_args_are_refused(service: Service) -> None:
    assert service.client.post(EXPORTS, json={"format": "deck"}).status_code == 422
    assert service.client.post(EXPORTS, json={"format": "slides", "options": {"language": "de"}}).status_code == 422
    assert service.client.post(f"/v1/reports/{uuid4()}/exports", json={"format": "slides"}).status_code in {403, 404}


def dray(service: Service, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run `dray export` from a foreign folder, with nothing but the API's address and a token."""
    token = service.client.headers["Authorization"].removeprefix("Bearer ")
    return subprocess.run(
        [sys.executable, "-P", "-m", "cli.main", "export", *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT),
             "DRAY_API_URL": str(service.client.base_url), "DRAY_TOKEN": token},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_saves_the_file_under_the_apis_name(service: Service, tmp_path: Path) -> None:
    said = dray(service, tmp_path, "heron reach", "--format", "slides", "--language", "fr")
    assert said.returncode == 0, said.stderr
    [file] = tmp_path.glob("*.html")
    assert file.name == "heron-reach-canal-lock-modernization-locks-4-to-9-2026-10-v2.html"
    assert str(file) in said.stdout
    assert "Table des matières" in text_of(file.read_bytes())


def test_the_command_tells_programs_where_the_file_is(service: Service, tmp_path: Path) -> None:
    said = dray(service, tmp_path, str(LOCKS_REPORT), "--format", "slides", "--out", "out/deck.html", "--json")
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    content = Path(told["file"]).read_bytes()
    assert Path(told["file"]) == tmp_path / "out" / "deck.html"
    assert (told["size"], told["sha256"]) == (len(content), sha256(content).hexdigest())
    assert told["report"]["id"] == str(LOCKS_REPORT)


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (("kingfisher",), "No report has 'kingfisher' in its title, project or month. There are:"),
        (("2026-10",), "reports have '2026-10'. Say more, or give an id:"),
        ((str(uuid4()),), "does not exist, or"),
    ],
)
def test_a_report_that_cannot_be_told_gives_a_clear_error(
    service: Service, tmp_path: Path, command: tuple[str, ...], error: str
) -> None:
    said = dray(service, tmp_path, *command)
    assert said.returncode == 1
    assert said.stderr.startswith("dray: ")
    assert error in said.stderr
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []
