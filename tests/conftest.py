from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from cli.servers.postgres import EmbeddedPostgres
from cli.servers.redis import EmbeddedRedis
from db.session import engine_url
from tests.support.databases import TestDatabase, drop_template, make_template, new_database


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server; the address is the superuser's, for making databases only.

    With a parameter, it is the server that this variable names.
    """
    if (given := getattr(request, "param", "embedded")) != "embedded":
        drop_template(os.environ[given])
        yield os.environ[given]
        drop_template(os.environ[given])
        return
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), password="test-superuser")
    server.start()
    yield server.admin_url
    server.stop()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis server."""
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis"), password="test-redis")
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    return make_template(server_url)


@pytest.fixture
def database(server_url: str, template: str) -> Iterator[TestDatabase]:
    """A database of its own with the sample data, for a test whose transactions really commit."""
    with new_database(server_url, template=template) as made:
        yield made


@pytest.fixture(scope="session")
def shared_database(server_url: str, template: str) -> Iterator[TestDatabase]:
    """One database for all tests that roll back."""
    with new_database(server_url, template=template) as made:
        yield made


@pytest.fixture
def session(shared_database: TestDatabase) -> Iterator[Session]:
    """A worker's session whose every commit is undone at the end."""
    engine = create_engine(engine_url(shared_database.worker_url))
    with engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
    engine.dispose()
