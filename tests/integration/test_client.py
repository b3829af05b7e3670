from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import dray
import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from db.session import engine_url
from tests.support.databases import TestDatabase
from tests.support.samples import LOCKS_MANAGER, LOCKS_REPORT

CLIENT = Path(__file__).resolve().parents[2] / "client"
ARGS = {"report_id": str(LOCKS_REPORT), "format": "pdf"}


@pytest.fixture
def producer_url(database: TestDatabase) -> Iterator[str]:
    """Another service's role, which is a member of dray_producer and nothing else."""
    name = f"service_{uuid4().hex[:8]}"
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'test' IN ROLE dray_producer")
        yield database.admin_url.replace("postgres:test-superuser@", f"{name}:test@")
        connection.execute(f"DROP ROLE {name}")


def exists(database: TestDatabase, run_id: UUID) -> bool:
    with psycopg.connect(database.worker_url) as connection:
        return connection.execute("SELECT 1 FROM task_runs WHERE id = %s", [run_id]).fetchone() is not None


def test_a_run_exists_if_and_only_if_the_psycopg_transaction_commits(database: TestDatabase, producer_url: str) -> None:
    with psycopg.connect(producer_url) as connection:
        kept = dray.enqueue(connection, "report.export", ARGS, requested_by=LOCKS_MANAGER)
        assert not exists(database, kept.id)
        connection.commit()
        dropped = dray.enqueue(connection, "report.export", ARGS, requested_by=LOCKS_MANAGER)
        connection.rollback()
    assert (exists(database, kept.id), exists(database, dropped.id)) == (True, False)


@pytest.mark.parametrize("through", ["session", "connection"])
def test_a_run_joins_the_transaction_of_sqlalchemy(database: TestDatabase, producer_url: str, through: str) -> None:
    engine = create_engine(engine_url(producer_url))
    with Session(engine) as session:
        target = session if through == "session" else session.connection()
        kept = dray.enqueue(target, "report.export", ARGS, requested_by=LOCKS_MANAGER, unique_key="a")
        again = dray.enqueue(target, "report.export", ARGS, requested_by=LOCKS_MANAGER, unique_key="a")
        assert (kept.created, again.created, kept.id) == (True, False, again.id)
        session.commit()
    engine.dispose()
    assert exists(database, kept.id)


def test_what_is_refused_says_what_to_mend(producer_url: str) -> None:
    with psycopg.connect(producer_url) as connection:
        with pytest.raises(dray.Refused, match=r"there is no kind .*Known kinds: .*ledger\.prune.*report\.export"):
            dray.enqueue(connection, "report.exprot", ARGS)
        connection.rollback()
        with pytest.raises(dray.Refused, match="needs a requester"):
            dray.enqueue(connection, "report.export", ARGS)
        connection.rollback()
        with pytest.raises(dray.Refused, match="there is no person"):
            dray.enqueue(connection, "report.export", ARGS, requested_by=uuid4())
        connection.rollback()
        with pytest.raises(dray.Refused, match="there is no priority 77"):
            dray.enqueue(connection, "report.export", ARGS, requested_by=LOCKS_MANAGER, priority=77)
    with pytest.raises(TypeError, match="psycopg connection"):
        dray.enqueue(object(), "report.export", ARGS)


def test_a_producer_can_enqueue_and_nothing_else(producer_url: str) -> None:
    with psycopg.connect(producer_url) as connection:
        for query in ("SELECT * FROM task_runs", "SELECT * FROM pmr_reports", "SELECT * FROM auth.users"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(query)
            connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT can_read_project(gen_random_uuid())")
        connection.rollback()
    engine = create_engine(engine_url(producer_url))
    with engine.connect() as connection_, pytest.raises(Exception, match="permission denied"):
        connection_.execute(text("DELETE FROM task_runs"))
    engine.dispose()


@pytest.mark.full
def test_the_wheel_installs_one_package_and_works_in_a_fresh_environment(tmp_path: Path) -> None:
    """Needs the package registry."""
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run(
        [uv, "build", "--wheel", "--system-certs", "-o", str(tmp_path), str(CLIENT)], check=True, capture_output=True
    )
    [wheel] = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=False)
    python = str(tmp_path / "env" / "bin" / "python")
    install = [uv, "pip", "install", "--system-certs", "--python", python, f"{wheel}", "psycopg[binary]"]
    subprocess.run(install, check=True, capture_output=True)
    listed = subprocess.run(
        [python, "-c", "import dray, importlib.metadata as m; print(m.files('dray-client'))"],
        check=True, capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert "dray/__init__.py" in listed.stdout
