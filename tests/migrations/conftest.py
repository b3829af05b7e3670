"""The tests of this folder also run on the servers of DATABASE_URL_16 and DATABASE_URL_17, where these are set.

Each is a superuser's address on a server for tests alone: the roles there get the tests' passwords.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest

from cli.servers.postgres import EmbeddedPostgres
from tests.support.databases import TEMPLATE

GIVEN = [name for name in ("DATABASE_URL_16", "DATABASE_URL_17") if os.environ.get(name)]


@pytest.fixture(scope="session", params=["embedded", *GIVEN])
def server_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded server of PostgreSQL 18, then each one that is given."""
    if request.param == "embedded":
        server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), password="test-superuser")
        server.start()
        yield server.admin_url
        server.stop()
        return
    url = os.environ[request.param]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
    yield url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
