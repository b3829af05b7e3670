"""What a simulation leaves replaces what it left before, and a plan is read as it was written."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.repositories.plans import find_plan
from db.repositories.simulations import Findings, RiskConfig, SimulationResult, find_simulation, record_findings
from tests.support.plans import sample_plan
from tests.support.samples import SPONSOR

LOCKS = UUID("3c173fc7-12b6-4b1c-a02a-342fcc3409f4")


def new_simulation(session: Session) -> UUID:
    id_ = uuid4()
    session.execute(
        text(
            "INSERT INTO monte_carlo_simulations (id, user_id, project_id, name) VALUES (:id, :person, :project, 'x')"
        ),
        {"id": id_, "person": SPONSOR, "project": LOCKS},
    )
    return id_


def findings(session: Session) -> Findings:
    risk = session.execute(text("SELECT id FROM risks WHERE project_id = :id LIMIT 1"), {"id": LOCKS}).scalar_one()
    return Findings(
        seed=2**63 - 1,
        iterations=500,
        summary={"cost": {"mean": 1.5}},
        results=(SimulationResult("cost_outcomes", "zlib", {"count": 500}, b"\x00\x01", 4, Decimal("2.00")),),
        risk_configs=(RiskConfig(risk, "Flood", "external", "cost", "triangular", {"a": 1}, Decimal(5), "CAD"),),
    )


def counted(session: Session, id_: UUID) -> tuple[int, int]:
    query = "SELECT count(*) FROM {} WHERE simulation_id = :id"
    results, configs = (
        session.execute(text(query.format(table)), {"id": id_}).scalar_one()
        for table in ("monte_carlo_results", "monte_carlo_risk_configs")
    )
    return results, configs


def test_findings_that_are_recorded_twice_are_there_once(session: Session) -> None:
    id_, found = new_simulation(session), findings(session)
    for _ in range(2):
        assert record_findings(session, id_, found)
        assert counted(session, id_) == (1, 1)
    simulation = find_simulation(session, id_)
    assert simulation is not None
    assert (simulation.random_seed, simulation.iteration_count) == (2**63 - 1, 500)
    assert simulation.results_summary == found.summary


def test_findings_of_a_simulation_that_is_gone_are_not_recorded(session: Session) -> None:
    assert not record_findings(session, uuid4(), findings(session))


def test_a_plan_is_read_as_its_sample_file_has_it(session: Session) -> None:
    stored, written = find_plan(session, LOCKS), sample_plan("heron-reach-locks")
    assert stored is not None
    assert sorted(stored.activities, key=lambda one: one.code) == sorted(written.activities, key=lambda one: one.code)
    assert stored.cost_lines == written.cost_lines
    assert set(stored.links) == set(written.links)
    assert set(stored.risks) == set(written.risks)
    assert {calendar.name: calendar for calendar in stored.calendars} == {
        calendar.name: calendar for calendar in written.calendars
    }


def test_a_project_that_is_not_there_has_no_plan(session: Session) -> None:
    assert find_plan(session, uuid4()) is None
