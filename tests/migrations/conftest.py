"""The tests of this folder also run on the servers of DATABASE_URL_16 and DATABASE_URL_17, where these are set.

Each is a superuser's address on a server for tests alone: the roles there get the tests' passwords.
"""

from __future__ import annotations

import os

import pytest

GIVEN = [name for name in ("DATABASE_URL_16", "DATABASE_URL_17") if os.environ.get(name)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if GIVEN and "server_url" in metafunc.fixturenames:
        metafunc.parametrize("server_url", ["embedded", *GIVEN], indirect=True, scope="session")
