"""Suggestions by local means: from a request over HTTP to rows that a person can answer."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from db.tokens import issue_token
from engines.text.numbers import find_numbers
from tests.support.descriptions import ENGLISH, FRENCH, add_description
from tests.support.samples import LOCKS_MANAGER_EMAIL
from tests.support.service import Service

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]

FROM_THE_TEXT = "Il lui faut signer les marchés jusqu'à concurrence de 40 000 $."
FROM_THE_MEMORY = "Le ou la gestionnaire doit signer les marchés jusqu'à concurrence de 40 000 $."


@pytest.fixture(scope="module")
def job(service: Service) -> int:
    return add_description(service.database, "S-1", ENGLISH)


def path(job_id: int) -> str:
    return f"/v1/job-descriptions/{job_id}/suggestions"


def stored(service: Service, job_id: int) -> list[dict[str, Any]]:
    return service.rows("SELECT * FROM ai_suggestions WHERE job_id = %s ORDER BY id", job_id)


def execute(service: Service, statement: str, *values: object) -> Any:
    with psycopg.connect(service.database.migrator_url) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


def test_a_request_becomes_suggestions_at_their_places(service: Service, job: int) -> None:
    run = service.perform(path(job), {})
    rows = stored(service, job)
    assert run["state"] == "completed", run
    assert run["result"] | {"dropped": {}, "tokens": {}, "calls": {}} == {
        "provider": "local", "suggested": len(rows), "already_there": 0, "dropped": {}, "cost_usd": None,
        "tokens": {}, "calls": {},
    }  # fmt: skip
    changes = {row["original_text"]: row["suggested_text"] for row in rows}
    assert changes["in order to"] == "to"
    assert changes["prior to"] == "before"
    assert changes["on a regular basis"] == "regularly"
    assert changes["In the event that"] == "If"
    assert changes["sites  and and"] == "sites and"
    for row in rows:
        place = row["metadata"]
        assert ENGLISH[place["start"] : place["end"]] == row["original_text"]
        assert row["context_before"] + row["original_text"] + row["context_after"] in ENGLISH
        assert sorted(find_numbers(row["suggested_text"])) == sorted(find_numbers(row["original_text"]))
        assert (row["ai_provider"], row["ai_model"], row["status"]) == ("local", "rules-1", "pending")
        assert all(f"({rule})" in row["explanation"] for rule in place["rule"].split(", "))
        assert 0 < row["confidence_score"] <= 1
    sections = {row["original_text"]: row["section_type"] for row in rows}
    assert (sections["prior to"], sections["in order to"]) == ("general_accountability", "nature_and_scope")


def test_the_api_lists_them_in_the_order_of_the_text_by_status(service: Service, job: int) -> None:
    service.perform(path(job), {})
    items = service.client.get(path(job), params={"status": "pending"}).raise_for_status().json()["items"]
    assert [item["start"] for item in items] == sorted(item["start"] for item in items)
    assert {item["original_text"] for item in items} >= {"in order to", "prior to"}
    assert service.client.get(path(job), params={"status": "rejected"}).json()["items"] == []
    assert service.client.get(path(job), params={"status": "loved"}).status_code == 422


def test_asking_again_changes_nothing_and_answers_stay(service: Service) -> None:
    job = add_description(service.database, "S-2", ENGLISH)
    first = service.perform(path(job), {})
    execute(service, "UPDATE ai_suggestions SET status = 'rejected', user_action = 'rejected' WHERE job_id = %s", job)
    before = stored(service, job)
    again = service.perform(path(job), {})
    assert stored(service, job) == before
    assert {row["status"] for row in before} == {"rejected"}
    assert (again["result"]["suggested"], again["result"]["already_there"]) == (0, first["result"]["suggested"])


def test_only_what_is_asked_for(service: Service) -> None:
    job = add_description(service.database, "S-3", ENGLISH)
    service.perform(path(job), {"suggestion_types": ["style"], "sections": ["general_accountability"]})
    assert [(row["original_text"], row["suggestion_type"]) for row in stored(service, job)] == [("prior to", "style")]


def test_the_memory_proposes_another_translation_where_sentences_are_aligned(service: Service) -> None:
    english = add_description(service.database, "S-4", ENGLISH)
    french = add_description(service.database, "S-4", FRENCH, "fr")
    body = {"suggestion_types": ["translation"]}
    service.perform(path(french), body)
    assert stored(service, french) == []
    [pair] = execute(
        service,
        "INSERT INTO translation_pairs (source_job_id, target_job_id, source_language, target_language)"
        " VALUES (%s, %s, 'en', 'fr') RETURNING id",
        english, french,
    )  # fmt: skip
    source = "The Manager signs contracts up to $40,000 prior to delivery."
    start = FRENCH.index(FROM_THE_TEXT)
    execute(
        service,
        "INSERT INTO sentence_alignments (translation_pair_id, source_sentence, target_sentence,"
        " source_position_start, source_position_end, target_position_start, target_position_end, confidence_score)"
        " VALUES (%s, %s, %s, 1, 2, %s, %s, 0.90)",
        pair, source, FROM_THE_TEXT, start, start + len(FROM_THE_TEXT),
    )  # fmt: skip
    [entry] = execute(
        service,
        "INSERT INTO translation_memory (source_text, target_text, source_language, target_language)"
        " VALUES (%s, %s, 'en', 'fr') RETURNING id",
        source, FROM_THE_MEMORY,
    )  # fmt: skip
    run = service.perform(path(french), body)
    assert run["state"] == "completed", run
    [row] = stored(service, french)
    assert (row["original_text"], row["suggested_text"]) == (FROM_THE_TEXT, FROM_THE_MEMORY)
    assert (row["suggestion_type"], row["ai_provider"], row["ai_model"]) == ("translation", "local", "memory-1")
    assert f"Entry {entry} " in row["explanation"]
    assert float(row["confidence_score"]) == 0.9
    assert row["section_type"] == "general_accountability"
    # Once the memory knows what stands there, there is nothing to propose.
    execute(
        service,
        "INSERT INTO translation_memory (source_text, target_text, source_language, target_language)"
        " VALUES (%s, %s, 'en', 'fr')",
        source, FROM_THE_TEXT,
    )  # fmt: skip
    assert service.perform(path(french), body)["result"]["already_there"] == 0


@pytest.mark.parametrize(
    "body",
    [{"suggestion_types": ["poetry"]}, {"suggestion_types": []}, {"sections": []}, {"locale": "fr"}, {"local": "no!"}],
)
def test_args_that_do_not_fit_are_refused(service: Service, job: int, body: dict[str, Any]) -> None:
    assert service.client.post(path(job), json=body).status_code == 422


def test_what_is_not_there_and_what_is_not_theirs_look_alike(service: Service, job: int) -> None:
    assert service.client.post(path(999_999), json={}).status_code == 404
    assert service.client.get(path(999_999)).status_code == 404
    stranger = issue_token(service.database.migrator_url, email=LOCKS_MANAGER_EMAIL, name="test")
    headers = {"Authorization": f"Bearer {stranger}"}
    assert service.client.post(path(job), json={}, headers=headers).status_code == 404
    assert service.client.get(path(job), headers=headers).status_code == 404


def test_a_section_that_is_not_there_ends_the_run_and_lists_those_that_are(service: Service, job: int) -> None:
    run = service.perform(path(job), {"sections": ["salary"]})
    assert (run["state"], run["attempt"]) == ("discarded", 1)
    assert "no section 'salary'; it has: " in run["last_error"]
    assert "general_accountability, nature_and_scope" in run["last_error"]


def test_a_description_without_text_ends_the_run(service: Service) -> None:
    run = service.perform(path(add_description(service.database, "S-5", "  \n")), {})
    assert run["state"] == "discarded"
    assert "has no text" in run["last_error"]


def test_a_worker_killed_in_the_middle_leaves_each_suggestion_once(service: Service) -> None:
    job = add_description(service.database, "S-6", ENGLISH)
    run = service.perform_through_a_kill(path(job), {}, table="ai_suggestions")
    assert (run["state"], run["attempt"]) == ("completed", 2)
    rows = stored(service, job)
    assert len(rows) == run["result"]["suggested"] == len({row["metadata"]["start"] for row in rows})
