"""Whether this process lives, and whether it can serve."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response

from api.dependencies import DatabaseOfApp, StoreOfApp
from api.schemas.health import Health
from db.migrate import newest_revision, revision_of
from db.session import Database, DatabaseError
from providers.storage.store import Store

router = APIRouter(tags=["health"])


@router.get("/healthz")
def get_liveness() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"description": "Not ready", "model": Health}})
def get_readiness(database: DatabaseOfApp, store: StoreOfApp, response: Response) -> Health:
    """Say whether database, schema and storage are there."""
    checks = {"database": "ok", "schema": "ok", "storage": check_storage(store)}
    checks |= check_database(database)
    ready = all(check == "ok" for check in checks.values())
    if not ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(status="ok" if ready else "not ready", checks=checks)


def check_database(database: Database) -> dict[str, str]:
    """Ask the database for its revision."""
    try:
        with database.transaction() as session:
            revision = revision_of(session)
    except DatabaseError as error:
        return {"database": f"does not answer ({type(error).__name__})", "schema": "unknown"}
    if revision != newest_revision():
        return {"schema": f"is at {revision}, not at {newest_revision()}: run `dray db upgrade`"}
    return {}


def check_storage(store: Store) -> str:
    """Try to write."""
    try:
        store.check()
    except OSError as error:
        return f"can't be written ({error.strerror})"
    return "ok"
