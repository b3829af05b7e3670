"""Databases for tests: one migrated template, copies of it where a test needs real commits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from cli.given_servers import with_database
from db.bootstrap import ROLES, prepare_database, role_url
from db.seed import load_samples

PASSWORDS = {role.name: f"test-{role.name}" for role in ROLES if role.login}
TEMPLATE = "dray_template"
numbers = itertools.count(1)


@dataclass(frozen=True)
class TestDatabase:
    """One database and its address for each role. A test connects as the role that would in earnest."""

    __test__ = False

    admin_url: str

    def url(self, role: str) -> str:
        return role_url(self.admin_url, role, PASSWORDS)

    @property
    def worker_url(self) -> str:
        return self.url("dray_worker")

    @property
    def api_url(self) -> str:
        return self.url("dray_api")

    @property
    def migrator_url(self) -> str:
        return self.url("dray_migrator")


def make_template(server_url: str) -> str:
    """Make the migrated and seeded database that others are copied from."""
    admin_url = with_database(server_url, TEMPLATE)
    prepare_database(admin_url, passwords=PASSWORDS)
    load_samples(role_url(admin_url, "dray_migrator", PASSWORDS))
    return TEMPLATE


def drop_template(server_url: str) -> None:
    """Drop the template that an earlier session left on a server of its own."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(TEMPLATE)))


@contextmanager
def new_database(server_url: str, *, template: str | None = None) -> Iterator[TestDatabase]:
    """Make a database (empty without a template) and drop it at the end."""
    name = f"dray_test_{next(numbers)}"
    create = sql.SQL("CREATE DATABASE {} OWNER dray_migrator TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(create)
        try:
            yield TestDatabase(with_database(server_url, name))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
