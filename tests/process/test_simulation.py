"""A project is simulated: from HTTP to stored rows, by real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import psycopg
import pytest

from db.tokens import issue_token
from tests.support.samples import LOCKS_MANAGER_EMAIL, LOCKS_REPORT
from tests.support.service import Service

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]

ROOT = Path(__file__).parents[2]
LOCKS = "3c173fc7-12b6-4b1c-a02a-342fcc3409f4"
PERMITS = "15e0cf64-ebec-458c-9e9c-5cd0785d0bb3"
DIGITIZATION = "0617f4ce-e65d-49be-ac06-d697b8a2c25f"
DIGITIZATION_REPORT = "e3a7217f-1112-4870-b1b0-d0f6f9286f59"

RESULTS = (
    "SELECT result_type, data_format, result_data, result_data_compressed, data_size, compression_ratio"
    " FROM monte_carlo_results WHERE simulation_id = %s ORDER BY result_type"
)
CONFIGS = "SELECT * FROM monte_carlo_risk_configs WHERE simulation_id = %s ORDER BY name"


def path_of(project: str) -> str:
    return f"/v1/projects/{project}/simulations"


def simulate(service: Service, project: str, body: dict[str, Any]) -> dict[str, Any]:
    run = service.perform(path_of(project), body)
    assert run["state"] == "completed", run
    found: dict[str, Any] = service.client.get(f"/v1/simulations/{run['id']}").raise_for_status().json()
    return found


@contextmanager
def plan_changed(service: Service, change: str, back: str) -> Iterator[None]:
    """A plan that a person broke, and mended afterwards."""
    with psycopg.connect(service.database.migrator_url, autocommit=True) as connection:
        connection.execute(change)
        try:
            yield
        finally:
            connection.execute(back)


def test_a_simulation_is_stored_whole_and_its_report_shows_it(service: Service) -> None:
    asked = service.client.post(path_of(LOCKS), json={"seed": 7, "report_id": str(LOCKS_REPORT), "iterations": 5000})
    assert asked.status_code == 202
    run_id = asked.json()["id"]
    assert asked.headers["location"] == f"/v1/simulations/{run_id}"
    run = service.wait(run_id)
    assert run["state"] == "completed", run
    found = service.client.get(asked.headers["location"]).json()
    summary = found["summary"]
    assert (found["status"], found["iterations"], found["seed"], found["error"]) == ("completed", 5000, 7, None)
    assert summary["simulation_id"] == run_id
    assert (summary["iterations"], summary["seed"], summary["currency"]) == (5000, 7, "CAD")
    assert summary["cost"]["target"] == 22_400_000
    assert summary["cost"]["baseline"] == 23_319_600
    assert summary["schedule"]["target"] == "2027-09-29"
    assert summary["schedule"]["baseline"] == "2027-11-05"
    assert run["result"]["cost"]["p80"] == summary["cost"]["percentiles"]["p80"]

    [row] = service.rows("SELECT * FROM monte_carlo_simulations WHERE id = %s", run_id)
    assert row["results_summary"] == summary
    assert (row["status"], row["converged"], row["convergence_iteration"]) == ("completed", False, None)
    [report] = service.rows("SELECT * FROM pmr_reports WHERE id = %s", str(LOCKS_REPORT))
    assert report["monte_carlo_analysis"] == summary
    assert report["monte_carlo_enabled"] is True
    assert str(report["monte_carlo_simulation_id"]) == run_id


def test_what_is_kept_of_every_iteration_gives_the_figures_again(service: Service) -> None:
    found = simulate(service, DIGITIZATION, {"seed": 1})
    results = {row["result_type"]: row for row in service.rows(RESULTS, found["id"])}
    assert sorted(results) == [
        "cost_histogram",
        "cost_outcomes",
        "risk_contributions",
        "schedule_histogram",
        "schedule_outcomes",
    ]
    kept = results["cost_outcomes"]
    raw = zlib.decompress(kept["result_data_compressed"])
    cost = np.frombuffer(raw, dtype=kept["result_data"]["dtype"])
    assert len(raw) == kept["data_size"] == 40_000
    assert float(kept["compression_ratio"]) == round(len(raw) / len(kept["result_data_compressed"]), 2)
    assert len(cost) == found["iterations"] == kept["result_data"]["count"]
    summary = found["summary"]
    p80 = np.percentile(cost, 80, method="inverted_cdf")
    assert p80 == pytest.approx(summary["cost"]["percentiles"]["p80"], abs=1)
    assert float(np.mean(cost <= 3_180_000)) == pytest.approx(summary["cost"]["probability_within_target"], abs=0.001)
    histogram = results["cost_histogram"]
    assert sum(histogram["result_data"]["counts"]) == 10_000
    assert histogram["data_size"] == len(json.dumps(histogram["result_data"], separators=(",", ":")))


def test_the_risks_are_kept_as_they_were_simulated_and_closed_ones_left_out(service: Service) -> None:
    found = simulate(service, LOCKS, {"seed": 1, "iterations": 1000, "full_impact_cost": 0.2})
    configs = {row["name"]: row for row in service.rows(CONFIGS, found["id"])}
    assert len(configs) == 7
    steel = configs["Tenders for steel at Locks 8 and 9 come in above the estimate if the option lapses"]
    assert (steel["impact_type"], steel["impact_unit"]) == ("cost", "CAD")
    # Impact 0.10 of a fifth of 22,400,000, and half as much on either side.
    assert float(steel["baseline_impact"]) == 448_000
    assert steel["distribution_parameters"] == {"probability": 0.45, "cost": [224_000, 448_000, 672_000]}
    late = configs["Hydraulic power units for Lock 6 arrive after December 4"]
    assert (late["impact_type"], late["impact_unit"]) == ("schedule", "working days")


def test_the_same_seed_asked_for_twice_gives_the_same_bytes(service: Service) -> None:
    one = simulate(service, DIGITIZATION, {"seed": 99, "iterations": 1000})
    other = simulate(service, DIGITIZATION, {"seed": 99, "iterations": 1000})
    assert one["id"] != other["id"]
    same = {"simulation_id", "simulated_at"}
    assert {k: v for k, v in one["summary"].items() if k not in same} == {
        k: v for k, v in other["summary"].items() if k not in same
    }
    assert service.rows(RESULTS, one["id"]) == service.rows(RESULTS, other["id"])


def test_a_seed_that_nobody_gave_is_kept_and_gives_the_same_again(service: Service) -> None:
    found = simulate(service, DIGITIZATION, {"iterations": 500})
    again = simulate(service, DIGITIZATION, {"iterations": 500, "seed": found["seed"]})
    assert found["summary"]["cost"] == again["summary"]["cost"]


def test_a_worker_killed_in_the_middle_leaves_each_result_once(service: Service) -> None:
    body = {"iterations": 1000, "report_id": DIGITIZATION_REPORT}
    run = service.perform_through_a_kill(path_of(DIGITIZATION), body, table="monte_carlo_results")
    assert run["state"] == "completed", run
    assert [attempt["outcome"] for attempt in run["attempts"]] == ["lost", "completed"]
    assert len(service.rows(RESULTS, run["id"])) == 5
    assert len(service.rows(CONFIGS, run["id"])) == 4
    [report] = service.rows(
        "SELECT monte_carlo_simulation_id AS id FROM pmr_reports WHERE id = %s", DIGITIZATION_REPORT
    )
    assert str(report["id"]) == run["id"]


def dray(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, told by its environment where the API is."""
    token = service.client.headers["Authorization"].removeprefix("Bearer ")
    told = {"DRAY_API_URL": str(service.client.base_url), "DRAY_TOKEN": token, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-P", "-m", "cli.main", "simulate", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **told}, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_the_command_prints_what_a_person_reads_and_data_for_programs(service: Service) -> None:
    shown = dray(service, "heron reach", "--iterations", "500", "--seed", "3")
    assert shown.returncode == 0, shown.stderr
    assert "500 iterations, seed 3" in shown.stdout
    assert "as planned        23,319,600                    2027-11-05" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80
    data = json.loads(dray(service, LOCKS, "--iterations", "500", "--seed", "3", "--json").stdout)
    assert f"{data['summary']['cost']['percentiles']['p80']:,.0f}" in shown.stdout
    refused = dray(service, "no such project")
    assert refused.returncode == 1
    assert "Name one of: Heron Reach" in refused.stderr


def test_projects_say_whether_they_have_a_plan(service: Service) -> None:
    projects = service.client.get("/v1/projects").raise_for_status().json()["items"]
    assert {one["id"]: one["has_plan"] for one in projects} == {LOCKS: True, PERMITS: False, DIGITIZATION: True}
    simulations = service.client.get(path_of(PERMITS)).raise_for_status().json()["items"]
    assert all(one["project_id"] == PERMITS for one in simulations)


def test_a_project_without_a_plan_is_told_what_it_lacks(service: Service) -> None:
    run = service.perform(path_of(PERMITS), {})
    assert run["state"] == "discarded"
    assert "has no activities" in run["last_error"]
    assert len(run["attempts"]) == 1
    found = service.client.get(f"/v1/simulations/{run['id']}").json()
    assert (found["status"], found["summary"]) == ("failed", None)
    assert "has no activities" in found["error"]


def test_a_report_of_another_project_is_refused(service: Service) -> None:
    run = service.perform(path_of(DIGITIZATION), {"report_id": str(LOCKS_REPORT)})
    assert run["state"] == "discarded"
    assert "is none of project" in run["last_error"]


def test_a_loop_in_the_network_is_named(service: Service) -> None:
    change = (
        "INSERT INTO activity_links (project_id, predecessor_id, successor_id) SELECT one.project_id, one.id, other.id"
        " FROM activities one JOIN activities other USING (project_id) WHERE one.code = 'C320' AND other.code = 'C310'"
    )
    back = "DELETE FROM activity_links WHERE predecessor_id = (SELECT id FROM activities WHERE code = 'C320')"
    with plan_changed(service, change, back):
        run = service.perform(path_of(LOCKS), {})
    assert run["state"] == "discarded"
    assert "The links run in a circle" in run["last_error"]
    assert "C310" in run["last_error"]


def test_a_constraint_that_is_not_simulated_is_refused_by_name(service: Service) -> None:
    change = (
        "UPDATE activities SET constraint_type = 'must_finish_on', constraint_date = '2027-04-09' WHERE code = 'B240'"
    )
    back = "UPDATE activities SET constraint_type = DEFAULT, constraint_date = NULL WHERE code = 'B240'"
    with plan_changed(service, change, back):
        run = service.perform(path_of(LOCKS), {})
    assert run["state"] == "discarded"
    assert "Activity B240 has the constraint must finish on, which is not simulated" in run["last_error"]


@pytest.mark.parametrize("body", [{"iterations": 10}, {"correlation": 1}, {"seeds": 1}, {"target_cost": -1}])
def test_options_that_do_not_fit_are_refused_at_once(service: Service, body: dict[str, Any]) -> None:
    refused = service.client.post(path_of(LOCKS), json=body)
    assert refused.status_code == 422
    assert next(iter(body)) in refused.json()["detail"]


def test_what_is_not_there_or_not_the_askers_is_not_found(service: Service) -> None:
    assert service.client.post(path_of(str(uuid4())), json={}).status_code == 404
    assert service.client.get(f"/v1/simulations/{uuid4()}").status_code == 404
    found = simulate(service, DIGITIZATION, {"iterations": 100})
    token = issue_token(service.database.migrator_url, email=LOCKS_MANAGER_EMAIL, name="test")
    theirs = {"Authorization": f"Bearer {token}"}
    assert service.client.get(f"/v1/simulations/{found['id']}", headers=theirs).status_code == 404
    assert service.client.post(path_of(DIGITIZATION), json={}, headers=theirs).status_code == 404
