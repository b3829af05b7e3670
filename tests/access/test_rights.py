"""Who may ask for what: a run is made only for someone who has the rights that its kind needs."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from contracts.args.base import Args
from contracts.args.descriptions import CheckCompliance
from contracts.args.memory import AlignPair, EmbedMemory, ImportMemory, LookUpMemory
from contracts.args.reports import GenerateInsights
from contracts.args.simulations import RunSimulation
from contracts.errors import NotAllowed, NotThere
from contracts.kinds import KINDS
from contracts.rights import Right
from db import ledger
from db.repositories.rights import has_right
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
