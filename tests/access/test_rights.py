"""Who may ask for what: a run is made only for someone who has the rights that its kind needs."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from contracts.args.base import Args
from contracts.args.descriptions import CheckCompliance
from contracts.args.memory import AlignPair, EmbedMemory, ImportMemory, LookUpMemory
from contracts.args.reports import ExportFormat, ExportReport, GenerateInsights
from contracts.args.simulations import RunSimulation
from contracts.errors import NotAllowed, NotThere, Refused
from contracts.kinds import KINDS
from contracts.rights import Right
from db import ledger
from db.repositories.rights import has_right
from db.session import Database, DatabaseError
from tests.support.databases import TestDatabase
from tests.support.samples import LOCKS_REPORT

LOCKS_PROJECT = UUID("3c173fc7-12b6-4b1c-a02a-342fcc3409f4")
# Reviews translations, reads every description and every project.
DIRECTOR = UUID("0997d2af-2a29-4631-b3db-8b07e45fe1bc")
# Works on another project, and is nobody in the job-description database.
STRANGER = UUID("871bc93f-8d29-4e09-95e4-75800c2795dc")
# Reads and writes descriptions, but none was shared with her.
EDITOR = UUID("f33f03b1-675d-4a61-a71b-e55f03711d29")
NO_FILE = UUID("00000000-0000-4000-8000-000000000000")


def about(session: Session) -> dict[str, Args]:
    job = session.scalar(text("SELECT min(id) FROM job_descriptions"))
    pair = session.scalar(text("SELECT min(id) FROM translation_pairs"))
    return {
        "report": GenerateInsights(report_id=LOCKS_REPORT),
        "project": RunSimulation(project_id=LOCKS_PROJECT),
        "description": CheckCompliance(job_id=job),
        "pair": AlignPair(pair_id=pair),
        "lookup": LookUpMemory(text="lock"),
        "embedding": EmbedMemory(),
    }


@pytest.mark.parametrize("what", ["report", "project", "description", "pair", "lookup", "embedding"])
def test_who_has_the_right_gets_the_run(session: Session, what: str) -> None:
    assert ledger.enqueue(session, about(session)[what], requested_by=DIRECTOR).created


@pytest.mark.parametrize("what", ["report", "project", "description", "pair"])
def test_what_is_not_theirs_does_not_exist_for_them(session: Session, what: str) -> None:
    with pytest.raises(NotThere, match=r"does not exist, or .* may not"):
        ledger.enqueue(session, about(session)[what], requested_by=STRANGER)


@pytest.mark.parametrize("what", ["lookup", "embedding"])
def test_the_memory_is_for_those_whose_work_it_is(session: Session, what: str) -> None:
    with pytest.raises(NotAllowed, match="needs the right to"):
        ledger.enqueue(session, about(session)[what], requested_by=STRANGER)


def test_an_editor_reads_the_memory_and_does_not_fill_it(session: Session) -> None:
    assert ledger.enqueue(session, LookUpMemory(text="lock"), requested_by=EDITOR).created
    with pytest.raises(NotAllowed):
        ledger.enqueue(session, EmbedMemory(), requested_by=EDITOR)


def test_what_is_not_there_is_there_for_nobody(session: Session) -> None:
    # Her permission is for every description, whatever its number.
    for nothing in (CheckCompliance(job_id=999_999), AlignPair(pair_id=999_999)):
        with pytest.raises(NotThere, match="does not exist"), session.begin_nested():
            ledger.enqueue(session, nothing, requested_by=DIRECTOR)


def test_who_only_reads_a_report_does_not_have_it_changed(session: Session) -> None:
    member = UUID("e7cfbb02-6fa6-4cbd-ba2c-70a5c9174389")
    assert ledger.enqueue(session, RunSimulation(project_id=LOCKS_PROJECT), requested_by=member).created
    for change in (
        RunSimulation(project_id=LOCKS_PROJECT, report_id=LOCKS_REPORT),
        GenerateInsights(report_id=LOCKS_REPORT),
    ):
        with pytest.raises(NotThere, match="may not change it"), session.begin_nested():
            ledger.enqueue(session, change, requested_by=member)


@pytest.mark.parametrize("status", ["pending", "completed"])
def test_an_id_of_ones_own_choice_names_no_simulation_that_is_there(session: Session, status: str) -> None:
    taken = ledger.enqueue(session, RunSimulation(project_id=LOCKS_PROJECT), requested_by=DIRECTOR).id
    session.execute(text("UPDATE monte_carlo_simulations SET status = :status WHERE id = :id"),
                    {"id": taken, "status": status})  # fmt: skip
    # As the ledger forgets a run that ended long ago.
    session.execute(text("DELETE FROM task_runs WHERE id = :id"), {"id": taken})
    with pytest.raises(Refused, match="is taken"):
        ledger.enqueue(session, RunSimulation(project_id=LOCKS_PROJECT), requested_by=DIRECTOR, run_id=taken)


def test_an_id_of_ones_own_choice_names_no_export_that_is_there(session: Session) -> None:
    args = ExportReport(report_id=LOCKS_REPORT, format=ExportFormat.PDF)
    taken = ledger.enqueue(session, args, requested_by=DIRECTOR).id
    ledger.cancel(session, taken)
    session.execute(text("DELETE FROM task_runs WHERE id = :id"), {"id": taken})
    with pytest.raises(Refused, match="is taken"):
        ledger.enqueue(session, args, requested_by=DIRECTOR, run_id=taken)


@pytest.mark.parametrize("key", ["exports/x/report.pdf", f"uploads/{NO_FILE}/file", f"uploads/{DIRECTOR}/../x"])
def test_nobody_names_what_is_not_theirs_as_their_upload(shared_database: TestDatabase, key: str) -> None:
    database = Database(shared_database.api_url, application_name="test", pool_size=1)
    row = text("INSERT INTO uploaded_files (owner_id, key, name, media_type, size, sha256)"
               " VALUES (:owner, :key, 'x', 'text/xml', 1, '')")  # fmt: skip
    with (
        pytest.raises(DatabaseError, match="uploaded_files_key_check"),
        database.transaction(acting_as=DIRECTOR) as own,
    ):
        own.execute(row, {"owner": DIRECTOR, "key": key})
    with pytest.raises(DatabaseError, match="permission denied"), database.transaction(acting_as=DIRECTOR) as own:
        own.execute(text("INSERT INTO uploaded_files (expires_at) VALUES (now())"))
    database.close()


def test_nobody_imports_a_file_that_is_not_theirs(session: Session) -> None:
    with pytest.raises(NotThere, match="File"):
        ledger.enqueue(session, ImportMemory(file_id=NO_FILE), requested_by=DIRECTOR)


def test_a_schedule_asks_in_nobodys_name(session: Session) -> None:
    assert ledger.enqueue(session, EmbedMemory()).created


def test_the_one_who_asks_acts_as_before_when_the_run_is_made(session: Session) -> None:
    ledger.enqueue(session, LookUpMemory(text="lock"), requested_by=EDITOR)
    assert not session.scalar(text("SELECT current_setting('request.jwt.claim.sub', true)"))


def test_a_worker_asks_what_somebody_may_and_acts_as_before(session: Session) -> None:
    assert has_right(session, EDITOR, Right.READ_MEMORY)
    assert not has_right(session, STRANGER, Right.READ_MEMORY)
    assert has_right(session, DIRECTOR, Right.READ_REPORT, str(LOCKS_REPORT))
    assert not has_right(session, STRANGER, Right.READ_REPORT, str(LOCKS_REPORT))
    assert not session.scalar(text("SELECT current_setting('request.jwt.claim.sub', true)"))


def test_people_do_not_ask_what_others_may(session: Session) -> None:
    granted = session.scalar(
        text("SELECT has_function_privilege('authenticated_users', 'person_has_right(uuid, text, text)', 'EXECUTE')")
    )
    assert granted is False


def test_every_need_is_an_arg_of_its_kind_and_known_to_the_database(session: Session) -> None:
    known = session.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = 'has_right'")) or ""
    for kind in KINDS.values():
        for need in kind.needs:
            assert need.arg is None or need.arg in kind.args.model_fields
            assert f"WHEN '{need.right}' THEN" in known
