"""The whole local stack, started by its command as a user would."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from db.seed import SAMPLES, read_yaml
from tests.support.processes import ROOT
from tests.support.samples import LOCKS_REPORT
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]


@dataclass
class RunningStack:
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    folder: Path

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.environment['DRAY_TOKEN']}"}
        return httpx.Client(base_url=self.environment["DRAY_API_URL"], headers=headers, timeout=30)

    def dray(self, *command: str) -> subprocess.CompletedProcess[str]:
        return dray(self.folder, *command)


def dray(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a `dray` command from a foreign folder with an almost empty environment."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "cli.main", *command],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "DRAY_VAR": str(folder / "var"),
        "PYTHONPATH": str(ROOT),
        # A killed worker is noticed sooner than in earnest.
        "DRAY_LEASE_SECONDS": "6",
        "DRAY_HEARTBEAT_SECONDS": "1",
    }


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    folder = tmp_path_factory.mktemp("stack")
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli.main", "up"],
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def answer() -> dict[str, str] | None:
        assert process.poll() is None, (folder / "up.log").read_text()
        said = dray(folder, "env", "--json")
        return json.loads(said.stdout) if said.returncode == 0 else None

    running = RunningStack(process, wait_until(answer, "the stack is up", seconds=120, pause=0.5), folder)
    yield running
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=90)


def export(client: httpx.Client, file_format: str, **options: Any) -> tuple[dict[str, Any], httpx.Response]:
    """Ask for a file, wait for it, fetch it."""
    asked = client.post(f"/v1/reports/{LOCKS_REPORT}/exports", json={"format": file_format, "options": options})
    assert asked.status_code == 202, asked.text

    def final() -> dict[str, Any] | None:
        shown: dict[str, Any] = client.get(asked.headers["location"]).json()
        return shown if shown["status"] in {"completed", "failed"} else None

    shown = wait_until(final, "the export ends", seconds=60, pause=0.1)
    assert shown["status"] == "completed", shown
    return shown, client.get(shown["download_url"])


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return read_yaml(SAMPLES / "reports" / "heron-reach-locks-2026-10.yaml")


def test_a_pdf_asked_for_over_http_holds_the_reports_own_figures(stack: RunningStack, report: dict[str, Any]) -> None:
    with stack.client() as client:
        shown, file = export(client, "pdf")
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
    assert (
        'filename="heron-reach-canal-lock-modernization-locks-4-to-9-2026-10-v2.pdf"'
        in (file.headers["content-disposition"])
    )
    assert len(file.content) == shown["file_size"]
    reader = PdfReader(io.BytesIO(file.content))
    text = " ".join(page.extract_text() for page in reader.pages).replace("\n", " ")
    for name in ("budget_at_completion", "earned_value", "actual_cost", "estimate_at_completion"):
        assert f"${report['metrics'][name]:,.0f}" in text, name
    assert f"{report['metrics']['cost_performance_index']:.3f}" in text
    sections = {section["id"]: section for section in report["sections"]}
    for risk in sections["risks_issues"]["content"]["risks"]:
        assert risk["id"] in text
    for category in sections["budget_status"]["content"]["categories"]:
        assert f"${category['forecast_amount']:,.0f}" in text
    for insight in report["insights"]:
        assert insight["title"].split(" ")[0] in text
    assert reader.metadata is not None
    assert "Heron Reach" in (reader.metadata.title or "")


def test_a_workbook_asked_for_over_http_holds_the_reports_own_figures(
    stack: RunningStack, report: dict[str, Any]
) -> None:
    with stack.client() as client:
        _, file = export(client, "excel")
    assert file.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = load_workbook(io.BytesIO(file.content), data_only=True)
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    metrics = report["metrics"]
    for name in ("budget_at_completion", "earned_value", "actual_cost", "estimate_at_completion"):
        assert metrics[name] in values, name
    sections = {section["id"]: section for section in report["sections"]}
    for milestone in sections["schedule_status"]["content"]["milestones"]:
        assert milestone["name"] in values
    for risk in sections["risks_issues"]["content"]["risks"]:
        assert risk["cost_impact"]["most_likely"] in values


def test_the_options_of_the_asker_are_honoured(stack: RunningStack) -> None:
    with stack.client() as client:
        _, file = export(client, "pdf", sections=["decisions"], language="fr", include_charts=False, paper="a4")
    reader = PdfReader(io.BytesIO(file.content))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "CR-01" not in text
    assert "octobre 2026" in text.lower()


def test_flower_shows_the_runs_by_kind_and_id_and_lets_nobody_touch_them(stack: RunningStack) -> None:
    with stack.client() as client:
        shown, _ = export(client, "excel")
    login = (stack.environment["DRAY_FLOWER_USER"], stack.environment["DRAY_FLOWER_PASSWORD"])
    address = stack.environment["DRAY_FLOWER_URL"]
    assert httpx.get(f"{address}/api/tasks").status_code == 401

    def task() -> dict[str, Any] | None:
        tasks: dict[str, Any] = httpx.get(f"{address}/api/tasks", auth=login, timeout=30).json()
        found = tasks.get(shown["id"])
        return found if found and found["state"] == "SUCCESS" else None

    seen = wait_until(task, "Flower shows the run", pause=0.2)
    assert seen["name"] == "report.export"
    assert str(LOCKS_REPORT) in seen["kwargs"]
    assert "worker-export@" in str(seen["worker"])
    assert httpx.get(f"{address}/metrics").status_code == 401
    assert "flower_events_total" in httpx.get(f"{address}/metrics", auth=login).text
    refused = httpx.post(f"{address}/api/task/revoke/{shown['id']}", auth=login)
    assert refused.status_code == 403
    workers = httpx.get(f"{address}/workers", params={"json": 1}, auth=login, timeout=30).json()["data"]
    assert {worker["hostname"].split("@")[0] for worker in workers} == {"worker-prompt", "worker-export", "worker-bulk"}
    assert all(worker["status"] for worker in workers)


def test_the_command_line_lists_shows_and_follows_runs(stack: RunningStack) -> None:
    with stack.client() as client:
        shown, _ = export(client, "excel")
    listed = json.loads(stack.dray("run", "list", "--kind", "report.export", "--json").stdout)
    assert shown["id"] in {run["id"] for run in listed}
    detail = stack.dray("run", "show", shown["id"])
    assert "attempt 1: completed on worker-export@" in detail.stdout
    followed = stack.dray("run", "watch", shown["id"])
    assert (followed.returncode, followed.stdout.split()[0]) == (0, "completed")
    made = stack.dray("run", "enqueue", "ledger.prune", '{"completed_after_days": 365}', "--json")
    assert stack.dray("run", "watch", json.loads(made.stdout)["id"]).returncode == 0
    wrong = stack.dray("run", "enqueue", "ledger.prun")
    assert (wrong.returncode, wrong.stderr) == (
        1,
        "dray: There is no kind 'ledger.prun'; did you mean 'ledger.prune'?\n",
    )


def test_a_token_can_be_made_for_another_person(stack: RunningStack) -> None:
    made = stack.dray("token", "owen.fairlamb@cws-svnc.example.org")
    headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
    answer = httpx.get(f"{stack.environment['DRAY_API_URL']}/v1/reports", headers=headers, timeout=30)
    assert len(answer.json()["items"]) == 1
    nobody = stack.dray("token", "nobody@example.org")
    assert nobody.returncode == 1
    assert "Nobody in auth.users" in nobody.stderr


def test_a_killed_worker_of_the_stack_comes_back_and_its_export_is_done(stack: RunningStack) -> None:
    heavy = process_named(stack, "worker-export")
    with stack.client() as client:
        asked = client.post(f"/v1/reports/{LOCKS_REPORT}/exports", json={"format": "pdf"}).json()
        path = f"/v1/exports/{asked['id']}"
        wait_until(lambda: client.get(path).json()["status"] == "processing", "it is being worked on")
        heavy.kill()
        wait_until(lambda: client.get(path).json()["status"] == "completed", "it is done by the next", seconds=120)
        assert [a["outcome"] for a in client.get(f"/v1/runs/{asked['id']}").json()["attempts"]] == ["lost", "completed"]


def process_named(stack: RunningStack, name: str) -> psutil.Process:
    document = json.loads((stack.folder / "var" / "run" / "stack.json").read_text())
    return psutil.Process(int(document["processes"][name]["pid"]))


def test_ctrl_c_ends_everything_and_leaves_no_process(stack: RunningStack) -> None:
    document = json.loads((stack.folder / "var" / "run" / "stack.json").read_text())
    pids = [int(one["pid"]) for one in document["processes"].values()]
    family = {child.pid for pid in pids for child in psutil.Process(pid).children(recursive=True)} | set(pids)
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(timeout=90) == 0
    assert not [pid for pid in family if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]
    assert stack.dray("env").returncode == 1
