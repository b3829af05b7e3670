"""`memory.align`, from HTTP to the stored links."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from db.tokens import issue_token
from engines.text.numbers import find_numbers
from tests.support.processes import ROOT
from tests.support.samples import LOCKS_MANAGER_EMAIL
from tests.support.service import FINAL, Service
from tests.support.waiting import wait_until

pytestmark = pytest.mark.process

LINKS = "SELECT * FROM sentence_alignments WHERE translation_pair_id = %s ORDER BY id"
TEXTS = (
    "SELECT p.*, s.raw_content AS source_text, t.raw_content AS target_text FROM translation_pairs p"
    " LEFT JOIN job_descriptions s ON s.id = p.source_job_id LEFT JOIN job_descriptions t ON t.id = p.target_job_id"
    " WHERE p.id = %s"
)


def pairs(service: Service) -> dict[str, dict[str, Any]]:
    items = service.client.get("/v1/translation-pairs").raise_for_status().json()["items"]
    return {item["classification"]: item for item in items}


def path(pair: int) -> str:
    return f"/v1/translation-pairs/{pair}/alignments"


def all_links(service: Service, pair: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = service.client.get(path(pair) + "?limit=1000").raise_for_status().json()["items"]
    return items


@contextmanager
def as_owner(service: Service) -> Iterator[psycopg.Connection]:
    with psycopg.connect(service.database.migrator_url) as connection:
        yield connection


@pytest.fixture(scope="module")
def aligned(service: Service) -> dict[str, Any]:
    """The shorter pair, aligned by a run whose first worker was killed while it wrote."""
    pair = pairs(service)["AS-05"]["id"]
    run = service.perform_through_a_kill(path(pair), {}, table="sentence_alignments")
    assert run["state"] == "completed", run["last_error"]
    return {"pair": pair, "run": run}


def test_a_run_survives_its_killed_worker_and_writes_each_link_once(service: Service, aligned: dict[str, Any]) -> None:
    run, rows = aligned["run"], service.rows(LINKS, aligned["pair"])
    assert run["attempt"] == 2
    assert len(rows) == sum(run["result"]["links"].values()) == run["result"]["written"]["added"]
    assert run["result"]["sentences"] == [72, 75]


def test_every_stored_sentence_is_a_literal_part_of_its_document(service: Service, aligned: dict[str, Any]) -> None:
    [texts] = service.rows(TEXTS, aligned["pair"])
    ends = {"source": 0, "target": 0}
    for side in ends:
        sides = [row for row in service.rows(LINKS, aligned["pair"]) if row[f"{side}_sentence"] is not None]
        for row in sorted(sides, key=lambda row: row[f"{side}_position_start"]):
            start, end = row[f"{side}_position_start"], row[f"{side}_position_end"]
            assert row[f"{side}_sentence"] == texts[f"{side}_text"][start:end]
            assert not texts[f"{side}_text"][ends[side] : start].strip(), "nothing but space is left between two"
            ends[side] = end
        assert not texts[f"{side}_text"][ends[side] :].strip()


def test_rows_say_what_the_schema_means(service: Service, aligned: dict[str, Any]) -> None:
    rows, [pair] = service.rows(LINKS, aligned["pair"]), service.rows(TEXTS, aligned["pair"])
    assert {row["alignment_type"] for row in rows} == {"automatic"}
    assert {row["alignment_method"] for row in rows} == {"statistical"}
    assert all(0 <= row["confidence_score"] <= 1 for row in rows)
    assert (pair["alignment_method"], float(pair["alignment_confidence"])) == (
        "statistical",
        aligned["run"]["result"]["mean_confidence"],
    )
    assert float(pair["alignment_quality"]) == 1.0


def test_links_are_right_where_english_and_french_cut_differently(service: Service, aligned: dict[str, Any]) -> None:
    links = {link["source"]["text"][:20]: link["target"]["text"] for link in all_links(service, aligned["pair"])}
    assert links["The Manager analyzes"].endswith("un avis sur le patrimoine et un permis municipal.")
    assert links["4. Manages the fleet"].startswith("4. Gère le parc automobile")
    assert links["7. Administers physi"].endswith("la cause en ait été supprimée.")
    assert links["## DIMENSIONS"] == "## ÉTENDUE DES RESPONSABILITÉS"


def test_numbers_agree_across_the_links(service: Service, aligned: dict[str, Any]) -> None:
    links = all_links(service, aligned["pair"])
    budget = next(link for link in links if "Salary budget" in link["source"]["text"])
    assert find_numbers(budget["source"]["text"]) == find_numbers(budget["target"]["text"])


def test_a_repeat_changes_nothing(service: Service, aligned: dict[str, Any]) -> None:
    before, [pair] = service.rows(LINKS, aligned["pair"]), service.rows(TEXTS, aligned["pair"])
    again = service.perform(path(aligned["pair"]), {})
    assert again["result"]["written"] == {"kept": len(before), "added": 0, "removed": 0, "left_to_people": 0}
    assert service.rows(LINKS, aligned["pair"]) == before
    assert service.rows(TEXTS, aligned["pair"]) == [pair]


def test_pages_hold_every_link_once_and_in_order(service: Service, aligned: dict[str, Any]) -> None:
    following: str | None = path(aligned["pair"]) + "?limit=30"
    seen = []
    while following:
        page = service.client.get(following).raise_for_status().json()
        seen += page["items"]
        following = page["next"]
    assert seen == all_links(service, aligned["pair"])
    starts = [link["source"]["start"] for link in seen if link["source"]]
    assert starts == sorted(starts)
    gone = service.client.get(path(aligned["pair"]) + "?after=2147483647")
    assert (gone.status_code, "first page" in gone.json()["detail"]) == (422, True)


def test_only_the_less_sure_are_shown_on_request(service: Service, aligned: dict[str, Any]) -> None:
    unsure = service.client.get(path(aligned["pair"]) + "?below=0.99").json()["items"]
    assert 0 < len(unsure) < len(all_links(service, aligned["pair"]))
    assert all(link["confidence"] < 0.99 for link in unsure)


def test_what_people_reviewed_stays_and_what_overlaps_it_is_not_written(service: Service) -> None:
    pair = pairs(service)["EX-01"]["id"]
    service.perform(path(pair), {})
    with as_owner(service) as owner:
        rated, corrected, *_ = owner.execute(
            "SELECT id FROM sentence_alignments WHERE translation_pair_id = %s AND source_sentence LIKE '- %%'"
            " ORDER BY id",
            [pair],
        ).fetchall()
        owner.execute("UPDATE sentence_alignments SET quality_rating = 2 WHERE id = %s", rated)
        # A person cut the French side short: the automatic link would overlap it.
        owner.execute(
            "UPDATE sentence_alignments SET alignment_type = 'corrected', target_sentence = left(target_sentence, 20),"
            " target_position_end = target_position_start + 20 WHERE id = %s",
            corrected,
        )
    before = service.rows(LINKS, pair)
    run = service.perform(path(pair), {})
    assert run["result"]["written"] == {"kept": len(before) - 2, "added": 0, "removed": 0, "left_to_people": 2}
    assert service.rows(LINKS, pair) == before


def test_a_changed_text_replaces_only_what_is_stale(service: Service) -> None:
    pair = pairs(service)["EX-01"]["id"]
    service.perform(path(pair), {})
    before = {row["id"]: row for row in service.rows(LINKS, pair)}
    with as_owner(service) as owner:
        owner.execute(
            "UPDATE job_descriptions SET raw_content = raw_content || E'\\nA last remark was added.\\n'"
            " WHERE id = (SELECT source_job_id FROM translation_pairs WHERE id = %s)",
            [pair],
        )
    run = service.perform(path(pair), {})
    after = {row["id"]: row for row in service.rows(LINKS, pair)}
    assert run["result"]["written"]["added"] >= 1
    assert len(after.keys() & before.keys()) >= len(before) - 2
    assert [row for row in after.values() if row["source_sentence"] == "A last remark was added."]


def test_a_pair_that_does_not_fit_is_refused_at_the_door(service: Service) -> None:
    assert service.client.post(path(0)).status_code == 422
    assert service.client.post(path(2**31)).status_code == 422
    assert service.client.post("/v1/translation-pairs/first/alignments").status_code == 422
    assert service.client.post(path(999_999)).status_code == 404
    assert service.client.get(path(999_999)).status_code == 404
    assert service.client.get(path(1) + "?below=2").status_code == 422


def test_what_is_not_theirs_does_not_exist_for_them(service: Service, aligned: dict[str, Any]) -> None:
    token = issue_token(service.database.migrator_url, email=LOCKS_MANAGER_EMAIL, name="stranger")
    headers = {"Authorization": f"Bearer {token}"}
    assert service.client.get("/v1/translation-pairs", headers=headers).json()["items"] == []
    assert service.client.get(path(aligned["pair"]), headers=headers).status_code == 404
    assert service.client.post(path(aligned["pair"]), headers=headers).status_code == 404


@contextmanager
def changed_target(service: Service, pair: int, column: str, value: object) -> Iterator[None]:
    """The pair's target document (or the pair) with another value, and as it was at the end."""
    table, its_id = ("translation_pairs", pair) if column.startswith("target_") else ("job_descriptions", None)
    with as_owner(service) as owner:
        if its_id is None:
            [[its_id]] = owner.execute("SELECT target_job_id FROM translation_pairs WHERE id = %s", [pair]).fetchall()
        names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
        read = sql.SQL("SELECT {column} FROM {table} WHERE id = %s").format(**names)
        write = sql.SQL("UPDATE {table} SET {column} = %s WHERE id = %s").format(**names)
        [[as_it_was]] = owner.execute(read, [its_id]).fetchall()
        owner.execute(write, [value, its_id])
        owner.commit()
        yield
        owner.execute(write, [as_it_was, its_id])


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("raw_content", "  ", r"The target document, job description \d+, has no text: fill its raw_content\."),
        ("raw_content", None, r"The target document, job description \d+, has no text: fill its raw_content\."),
        ("target_language", "de", r"The target document's language is 'de'; only en and fr can be aligned\."),
        ("target_job_id", None, r"The pair has no target document: set target_job_id to a job description\."),
    ],
)
def test_what_only_the_worker_finds_ends_the_run_with_a_cure(
    service: Service, aligned: dict[str, Any], column: str, value: object, says: str
) -> None:
    before = service.rows(LINKS, aligned["pair"])
    with changed_target(service, aligned["pair"], column, value):
        run = wait_as_owner(service, aligned["pair"])
    assert (run["state"], run["attempt"]) == ("discarded", 1)
    assert re.search(says, run["last_error"])
    assert service.rows(LINKS, aligned["pair"]) == before


def wait_as_owner(service: Service, pair: int) -> dict[str, Any]:
    """A run that nobody in particular asked for: who asks over HTTP would not see a pair without its document."""
    with as_owner(service) as owner:
        [[run_id]] = owner.execute(
            "SELECT id FROM enqueue_run('memory.align', %s::jsonb)", [json.dumps({"pair_id": pair})]
        ).fetchall()
    return wait_until(lambda: final(service.watcher.run(run_id)), "the run ends", seconds=30)


def final(run: dict[str, Any]) -> dict[str, Any] | None:
    return run if run["state"] in FINAL else None


def test_the_command_shows_both_texts_side_by_side(service: Service, aligned: dict[str, Any], tmp_path: Path) -> None:
    told = dray(service, tmp_path, "memory", "align", str(aligned["pair"]), "--show", "20")
    assert "72 : 75 sentences, 70 links" in told
    assert re.search(r"0\.99 +Position Number: 208832 +Numéro du poste\s: 208832", told)
    document = json.loads(dray(service, tmp_path, "memory", "align", str(aligned["pair"]), "--show", "2", "--json"))
    assert len(document["alignments"]) == 2
    assert document["sentences"] == [72, 75]


def dray(service: Service, folder: Path, *command: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "cli.main", *command],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DRAY_API_URL": str(service.client.base_url),
            "DRAY_TOKEN": service.client.headers["Authorization"].removeprefix("Bearer "),
            "COLUMNS": "120",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_results_stay_small(aligned: dict[str, Any]) -> None:
    assert len(json.dumps(aligned["run"]["result"])) < 1000
