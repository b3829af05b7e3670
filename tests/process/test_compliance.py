"""A check through the API, the relay and a real worker, down to its rows."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from db.tokens import issue_token
from engines.compliance.checking import check
from tests.support.samples import LOCKS_MANAGER_EMAIL
from tests.support.service import Service

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

ROOT = Path(__file__).parents[2]
NOBODYS = 2_000_000_000
ROWS = "SELECT xmin::text, * FROM compliance_checks WHERE job_id = %s ORDER BY id"


def descriptions(service: Service) -> dict[tuple[str, str], int]:
    items = service.client.get("/v1/job-descriptions").raise_for_status().json()["items"]
    return {(item["job_number"], item["language"]): item["id"] for item in items}


def checks(job_id: int) -> str:
    return f"/v1/job-descriptions/{job_id}/compliance-checks"


def change(service: Service, statement: str, *values: object) -> None:
    """Change rows as the owner of the tables does."""
    with psycopg.connect(service.database.migrator_url) as connection:
        connection.execute(statement, values)


def place(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["rule_name"], row["location_start"], row["location_end"], row["section_type"], row["flagged_text"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_the_engine_finds_is_stored_and_shown_with_its_place(service: Service, language: str) -> None:
    job_id = descriptions(service)["208832", language]
    run = service.perform(checks(job_id), {})
    assert run["state"] == "completed", run["last_error"]
    [job] = service.rows("SELECT raw_content FROM job_descriptions WHERE id = %s", job_id)
    text = job["raw_content"]
    expected = check(text, language).findings

    rows = service.rows(ROWS, job_id)
    assert sorted(map(str, map(place, rows))) == sorted(
        str((one.rule, one.start, one.end, one.section, one.flagged)) for one in expected
    )
    counts = Counter(row["compliance_status"] for row in rows)
    stated = run["result"]["violations"], run["result"]["warnings"], run["result"]["rules_kept"]
    assert stated == (counts["violation"], counts["warning"], counts["compliant"])

    shown = service.client.get(checks(job_id), params={"status": ["violation", "warning"]}).json()["items"]
    assert len(shown) == counts["violation"] + counts["warning"]
    for finding in shown:
        line = text.split("\n")[finding["line"] - 1]
        begins = finding["flagged_text"].split("\n")[0]
        assert line[finding["column"] - 1 :].startswith(begins)
        assert finding["recommendation"]


def test_findings_come_in_pages_that_hold_each_of_them_once(service: Service) -> None:
    job_id = descriptions(service)["208832", "en"]
    service.perform(checks(job_id), {})
    whole = service.client.get(checks(job_id), params={"limit": 1000}).raise_for_status().json()
    assert whole["next"] is None
    pages, following = list[dict[str, Any]](), f"{checks(job_id)}?limit=7"
    while following:
        page = service.client.get(following).raise_for_status().json()
        assert len(page["items"]) <= 7
        pages += page["items"]
        following = page["next"]
    assert len(pages) > 7
    assert pages == whole["items"]
    broken = service.client.get(checks(job_id), params={"status": "violation", "limit": 1}).json()
    assert "status=violation" in broken["next"]
    gone = service.client.get(checks(job_id), params={"after": NOBODYS})
    assert gone.status_code == 422
    assert "Read again from the first page" in gone.json()["detail"]


def test_a_second_check_of_the_same_text_changes_nothing(service: Service) -> None:
    job_id = descriptions(service)["204417", "en"]
    service.perform(checks(job_id), {})
    before = service.rows(ROWS, job_id)
    assert before
    again = service.perform(checks(job_id), {})
    assert again["result"]["rows_changed"] == 0
    # xmin as well: not one row was so much as touched.
    assert service.rows(ROWS, job_id) == before


def test_a_changed_text_drops_what_no_longer_holds_and_keeps_what_people_said(service: Service) -> None:
    job_id = descriptions(service)["204417", "fr"]
    service.perform(checks(job_id), {})
    vague = [row for row in service.rows(ROWS, job_id) if row["rule_name"] == "vague_duty"]
    assert len(vague) == 2
    acknowledge = (
        "UPDATE compliance_checks SET acknowledged_by = (SELECT min(id) FROM users), acknowledged_at = now()"
        " WHERE id = %s"
    )
    change(service, acknowledge, vague[0]["id"])
    change(
        service,
        "UPDATE job_descriptions SET raw_content = replace(raw_content, '11. Appuie diverses initiatives et s’acquitte"
        " d’autres fonctions au besoin.', '11. Le titulaire tient le registre.') WHERE id = %s",
        job_id,
    )
    [stale] = [one for one in service.client.get(checks(job_id)).json()["items"] if one["id"] == vague[0]["id"]]
    assert (stale["stale"], stale["line"]) == (True, None)

    service.perform(checks(job_id), {})
    rows = service.rows(ROWS, job_id)
    assert [row["id"] for row in rows if row["rule_name"] == "vague_duty" and row["location_start"]] == [vague[0]["id"]]
    assert [row["flagged_text"] for row in rows if row["rule_name"] == "generic_masculine"] == ["Le titulaire"]


def test_asking_for_one_type_leaves_the_rows_of_the_others(service: Service) -> None:
    job_id = descriptions(service)["208832", "en"]
    service.perform(checks(job_id), {})
    before = service.rows(ROWS, job_id)
    service.perform(checks(job_id), {"check_types": ["format"]})
    assert service.rows(ROWS, job_id) == before


def test_a_worker_killed_in_the_middle_leaves_each_finding_once(service: Service) -> None:
    job_id = descriptions(service)["204417", "en"]
    change(service, "DELETE FROM compliance_checks WHERE job_id = %s", job_id)
    run = service.perform_through_a_kill(checks(job_id), {}, table="compliance_checks")
    assert run["state"] == "completed", run["last_error"]
    rows = service.rows(ROWS, job_id)
    assert len(rows) == len({place(row) for row in rows}) == run["result"]["rows_changed"]


def test_bad_requests_are_told_what_is_wrong(service: Service) -> None:
    job_id = descriptions(service)["208832", "en"]
    assert service.client.post(checks(job_id), json={"check_types": ["spelling"]}).status_code == 422
    assert service.client.post(checks(job_id), json={"check_types": []}).status_code == 422
    assert service.client.post(checks(NOBODYS), json={}).status_code == 404
    assert service.client.get(checks(NOBODYS)).status_code == 404
    assert service.client.get(checks(10**12)).status_code == 422
    assert service.client.get(checks(job_id), params={"status": "fine"}).status_code == 422


def test_who_may_not_read_a_description_neither_checks_it_nor_sees_its_findings(service: Service) -> None:
    job_id = descriptions(service)["208832", "en"]
    token = issue_token(service.database.migrator_url, email=LOCKS_MANAGER_EMAIL, name="test")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=service.client.base_url, headers=headers, trust_env=False) as stranger:
        assert stranger.get("/v1/job-descriptions").json()["items"] == []
        assert stranger.post(checks(job_id), json={}).status_code == 404
        assert stranger.get(checks(job_id)).status_code == 404


def dray_check(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `dray check` against the service."""
    token = service.client.headers["Authorization"].removeprefix("Bearer ")
    environment = {**os.environ, "DRAY_API_URL": str(service.client.base_url), "DRAY_TOKEN": token}
    command = [sys.executable, "-m", "cli.main", "check", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_lists_findings_with_line_and_column_and_is_strict_when_asked(service: Service) -> None:
    shown = dray_check(service, "208832", "--language", "en")
    assert shown.returncode == 0, shown.stderr
    assert "2 violations, 3 warnings, 29 rules kept" in shown.stdout
    assert re.search(r"37:196  medium violation  generic_masculine\n +“he”\n +Write “they”", shown.stdout)

    strict = dray_check(service, "208832", "--language", "en", "--strict", "--json", "--type", "language")
    assert strict.returncode == 1
    findings = json.loads(strict.stdout)["findings"]
    assert {finding["check_type"] for finding in findings} == {"language"}
    assert "2 violations" in strict.stderr

    nobodys = dray_check(service, "208832", "--language", "de")
    assert (nobodys.returncode, nobodys.stdout) == (1, "")
    assert "rules for en and fr" in nobodys.stderr


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [("language", "de", "there are rules for en and fr"), ("raw_content", " \n", "has no text")],
)
def test_what_only_the_worker_can_find_discards_the_run(service: Service, column: str, value: str, says: str) -> None:
    job_id = descriptions(service)["204417", "fr"]
    [before] = service.rows("SELECT * FROM job_descriptions WHERE id = %s", job_id)
    change(service, f"UPDATE job_descriptions SET {column} = %s WHERE id = %s", value, job_id)
    try:
        run = service.perform(checks(job_id), {})
    finally:
        change(service, f"UPDATE job_descriptions SET {column} = %s WHERE id = %s", before[column], job_id)
    assert (run["state"], run["attempt"]) == ("discarded", 1)
    assert says in run["last_error"]
