"""The application: what is opened at the start, closed at the end, and served in between."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline

from api.access_log import without_query
from api.dependencies import refuse_unstorable_query
from api.problems import describe_problems, install_handlers
from api.routes import (
    alignments,
    descriptions,
    exports,
    files,
    health,
    insights,
    memory,
    projects,
    reports,
    runs,
    simulations,
    suggestions,
)
from contracts.settings import Settings
from db.session import Database
from providers.storage.stores.local import LocalStore

DESCRIPTION = """
Hand heavy work to Dray, watch it, fetch what came of it.

Every request needs a bearer token and sees what its bearer may see. Errors are problem documents (RFC 9457) whose
`detail` says what to do.
"""
# FastAPI serves each request on one of 40 threads; more connections than these would only wait in PostgreSQL instead.
POOL_SIZE = 20

# In the order in which the documentation shows them.
ROUTES = (
    *(reports, exports, insights, projects, simulations),
    *(descriptions, suggestions, memory, alignments, files),
    *(runs, health),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application. Without `settings`, the environment is read when the server starts."""
    # The documentation's scripts come from here too: nobody's browser has to reach the outside.
    app = FastAPIOffline(
        redoc_url=None,
        static_url="/docs/assets",
        title="Dray",
        version=installed_version(),
        description=DESCRIPTION.strip(),
        lifespan=lifespan,
        dependencies=[Depends(refuse_unstorable_query)],
        swagger_ui_parameters={"validatorUrl": None},
    )
    app.state.settings = settings
    install_handlers(app)
    for routes in ROUTES:
        app.include_router(routes.router)
    describe_problems(app)
    return app


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open database and storage, and close them."""
    settings = app.state.settings or Settings.from_environment(os.environ)
    app.state.settings = settings
    app.state.database = Database(settings.database_url, application_name="dray api", pool_size=POOL_SIZE)
    app.state.store = LocalStore(settings.storage_dir)
    logging.getLogger("uvicorn.access").addFilter(without_query)
    yield
    app.state.database.close()


def installed_version() -> str:
    """Return the version of the installed distribution."""
    try:
        return version("dray-platform")
    except PackageNotFoundError:
        return "0"
