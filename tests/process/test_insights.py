"""`insight.generate`, from HTTP to the rows of ai_insights."""

from __future__ import annotations

import subprocess
import sys
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.support.processes import ROOT
from tests.support.samples import LOCKS_REPORT
from tests.support.service import Service
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

PATH = f"/v1/reports/{LOCKS_REPORT}/insights"
NOBODYS = UUID("0198f3c2-5f0e-7c3a-9d55-2f7a0c1b4e11")
ROWS = "SELECT * FROM ai_insights WHERE report_id = %s ORDER BY id"
OURS = "SELECT * FROM ai_insights WHERE report_id = %s AND fingerprint IS NOT NULL ORDER BY fingerprint"
REPORT = "SELECT last_modified, updated_at, last_ai_update, ai_confidence_scores FROM pmr_reports WHERE id = %s"


def ours(service: Service) -> list[dict[str, Any]]:
    return service.rows(OURS, LOCKS_REPORT)


def change(service: Service, statement: str, *values: object) -> None:
    """Change rows as another service would."""
    with psycopg.connect(service.database.migrator_url) as connection:
        connection.execute(statement, values)


def test_a_worker_killed_in_the_middle_leaves_each_insight_once(service: Service) -> None:
    by_hand = service.rows(ROWS, LOCKS_REPORT)

    run = service.perform_through_a_kill(PATH, {}, table="ai_insights")

    assert run["state"] == "completed", run
    assert run["attempt"] == 2
    assert run["result"]["inserted"] == run["result"]["insights"] == len(ours(service)) >= 8
    assert [row for row in service.rows(ROWS, LOCKS_REPORT) if row["fingerprint"] is None] == by_hand
    assert set(run["result"]["no_data"]) == {"hours", "rejects"}


def test_a_repeat_changes_nothing(service: Service) -> None:
    service.perform(PATH, {})
    before = (service.rows(ROWS, LOCKS_REPORT), service.rows(REPORT, LOCKS_REPORT))

    run = service.perform(PATH, {})

    assert run["result"]["unchanged"] == run["result"]["insights"]
    assert (service.rows(ROWS, LOCKS_REPORT), service.rows(REPORT, LOCKS_REPORT)) == before


def test_what_is_stored_is_what_the_api_shows(service: Service) -> None:
    service.perform(PATH, {})

    listed = service.client.get(PATH).raise_for_status().json()["items"]

    stored = {str(row["id"]): row for row in ours(service)}
    shown = [insight for insight in listed if insight["generator"] == "local"]
    assert {insight["id"] for insight in shown} == set(stored)
    for insight in shown:
        row = stored[insight["id"]]
        assert insight["title"] == row["title"]
        assert insight["supporting_data"]["formulas"]
        assert row["validation_status"] == "pending"
        assert row["metadata"]["generator"] == "local"
    assert any(insight["generator"] is None for insight in listed), "the hand-written ones are listed as well"
    [report] = service.rows(REPORT, LOCKS_REPORT)
    assert set(report["ai_confidence_scores"]["insights"]) == {"budget", "schedule", "risk"}
    assert report["last_ai_update"] is not None


def test_only_the_categories_asked_for_are_touched(service: Service) -> None:
    service.perform(PATH, {})
    before = ours(service)

    run = service.perform(PATH, {"categories": ["risk"]})

    assert run["result"]["by_category"] == {"risk": 2}
    assert run["result"]["removed"] == 0
    assert ours(service) == before
    listed = service.client.get(PATH, params={"category": "risk"}).raise_for_status().json()["items"]
    assert {insight["category"] for insight in listed} == {"risk"}


def test_changed_figures_change_pending_rows_and_leave_judged_ones(service: Service) -> None:
    service.perform(PATH, {})
    by_rule = {row["metadata"]["rule"]: row for row in ours(service)}
    change(service, "UPDATE ai_insights SET validation_status = 'validated' WHERE id = %s", by_rule["cost_index"]["id"])
    change(service, "UPDATE ai_insights SET user_feedback = 'Useful.' WHERE id = %s", by_rule["latest_period"]["id"])
    change(
        service,
        "UPDATE pmr_reports SET metrics = (metrics - 'trend') || '{\"actual_cost\": 12000000}' WHERE id = %s",
        LOCKS_REPORT,
    )

    run = service.perform(PATH, {})

    after = {row["metadata"]["rule"]: row for row in ours(service)}
    assert after["cost_index"]["content"] == by_rule["cost_index"]["content"], "a person validated it"
    assert after["completion_range"]["id"] == by_rule["completion_range"]["id"]
    assert after["completion_range"]["content"] != by_rule["completion_range"]["content"]
    assert after["contingency"]["updated_at"] == by_rule["contingency"]["updated_at"], "nothing of it changed"
    assert "latest_period" in after, "somebody gave feedback on it"
    assert "latest_period" in run["result"]["no_data"]
    assert "disagreement" in after, "the stated figures no longer follow from the amounts"


def test_a_report_without_figures_gives_no_insights_and_says_why(service: Service) -> None:
    [report] = service.rows("SELECT id FROM pmr_reports WHERE title LIKE 'Vessel Permit%%'")
    change(service, "UPDATE pmr_reports SET metrics = '{}', sections = '[]' WHERE id = %s", report["id"])

    run = service.perform(f"/v1/reports/{report['id']}/insights", {})

    assert run["state"] == "completed"
    assert run["result"]["insights"] == 0
    assert "cost_index" in run["result"]["no_data"]
    assert service.rows(OURS, report["id"]) == []


def test_the_command_prints_what_a_person_reads(service: Service) -> None:
    token = service.client.headers["Authorization"].removeprefix("Bearer ")
    told = subprocess.run(
        [sys.executable, "-P", "-m", "cli.main", "report", "insights", str(LOCKS_REPORT), "--category", "risk"],
        cwd=ROOT,
        env={**service.processes.environment(), "PYTHONPATH": str(ROOT), "DRAY_API_URL": str(service.client.base_url),
             "DRAY_TOKEN": token},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert told.returncode == 0, told.stderr
    assert "The contingency left covers 75.1% of the expected cost of the open risks" in told.stdout
    assert "Unsound concrete is the largest single exposure" in told.stdout
    assert "budget," not in told.stdout
    assert "Of this run: " in told.stdout


def test_wrong_requests_are_refused(service: Service) -> None:
    assert service.client.post(PATH, json={"categories": ["weather"]}).status_code == 422
    assert service.client.post(PATH, json={"categories": []}).status_code == 422
    assert service.client.post(f"/v1/reports/{NOBODYS}/insights", json={}).status_code == 404
    assert service.client.get(f"/v1/reports/{NOBODYS}/insights").status_code == 404


def test_a_report_gone_since_is_said_plainly(service: Service) -> None:
    with psycopg.connect(service.database.worker_url) as connection:
        row = connection.execute(
            "SELECT id FROM enqueue_run('insight.generate', jsonb_build_object('report_id', %s::text))", [str(NOBODYS)]
        ).fetchone()
    assert row is not None
    wait_until(lambda: service.watcher.run(row[0])["state"] == "discarded", "the run is discarded")

    assert f"Report {NOBODYS} does not exist any more" in str(service.watcher.run(row[0])["last_error"])
