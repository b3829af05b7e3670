from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.support.databases import TestDatabase, new_database
from tests.support.processes import Processes, Watcher, watching
from tests.support.service import Service, serving


@pytest.fixture
def broker_url(redis_url: str) -> Iterator[str]:
    """The broker, empty."""
    with redis.Redis.from_url(redis_url) as broker:
        broker.flushall()
        yield redis_url


@pytest.fixture
def processes(database: TestDatabase, broker_url: str, tmp_path: Path) -> Iterator[Processes]:
    started = Processes(database, broker_url, tmp_path)
    yield started
    started.end()


@pytest.fixture(scope="module")
def service(
    server_url: str, template: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The API, a relay and a worker of a test module's own."""
    with redis.Redis.from_url(redis_url) as broker:
        broker.flushall()
    with (
        new_database(server_url, template=template) as database,
        serving(database, redis_url, tmp_path_factory.mktemp("service")) as running,
    ):
        yield running


@pytest.fixture
def watcher(database: TestDatabase) -> Iterator[Watcher]:
    with watching(database.worker_url) as watcher:
        yield watcher
