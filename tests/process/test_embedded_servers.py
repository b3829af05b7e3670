"""The embedded servers are real ones: reached over TCP, safe against SIGKILL, and at home in their folder alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cli.errors import NoRedisServer, NoUnprivilegedUser, PortInUse, StartFailed, WrongPassword
from cli.local_state import ROOT
from cli.ports import free_port, is_free, requested_port
from cli.servers import identity, redis
from cli.servers.base import EmbeddedServer
from cli.servers.postgres import EmbeddedPostgres
from cli.servers.redis import EmbeddedRedis

pytestmark = pytest.mark.process
PASSWORD = "s3cret/with:odd@signs"


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def gone(pid: int | None) -> bool:
    assert pid is not None
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var with a space"


@pytest.fixture
def running() -> Iterator[Callable[[EmbeddedServer], None]]:
    with ExitStack() as stops:

        def start(server: EmbeddedServer) -> None:
            stops.callback(server.stop)
            server.start()

        yield start


def postgres_at(home: Path, password: str = PASSWORD) -> EmbeddedPostgres:
    return EmbeddedPostgres(home / "postgres", password=password)


def redis_at(home: Path, password: str = PASSWORD) -> EmbeddedRedis:
    return EmbeddedRedis(home / "redis", password=password)


def write_row(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.admin_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'still there' AS what")


def read_row(server: EmbeddedPostgres) -> str:
    with psycopg.connect(server.admin_url) as connection:
        row = connection.execute("SELECT what FROM kept").fetchone()
    assert row is not None
    return str(row[0])


class TestPostgres:
    def test_it_is_a_real_server_with_a_password_and_the_settings_we_want(
        self, home: Path, running: Callable[[EmbeddedServer], None]
    ) -> None:
        server = postgres_at(home)
        running(server)
        wanted = {
            "TimeZone": "UTC",
            "jit": "off",
            "fsync": "on",
            "synchronous_commit": "on",
            "data_checksums": "on",
            "max_connections": "100",
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }
        with psycopg.connect(server.admin_url) as connection:
            rows = connection.execute("SELECT name, setting FROM pg_settings").fetchall()
            method = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
            encoding = connection.execute("SELECT pg_encoding_to_char(encoding) FROM pg_database").fetchall()
        assert {name: setting for name, setting in rows if name in wanted} == wanted
        assert method == [("scram-sha-256",)]
        assert set(encoding) == {("UTF8",)}
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=server.port, user="postgres", password="wrong", dbname="postgres")

    def test_letters_beyond_ascii_are_letters(self, home: Path, running: Callable[[EmbeddedServer], None]) -> None:
        server = postgres_at(home)
        running(server)
        with psycopg.connect(server.admin_url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            row = connection.execute("SELECT upper('é'), similarity('é', 'e'), similarity('été', 'ete')").fetchone()
        assert row == ("É", 0, 0)

    def test_data_and_port_are_kept_over_a_restart(self, home: Path) -> None:
        first = postgres_at(home)
        first.start()
        write_row(first)
        port, pid = first.port, first.pid
        first.stop()
        assert gone(pid)

        second = postgres_at(home)
        second.start()
        try:
            assert second.port == port
            assert read_row(second) == "still there"
        finally:
            second.stop()

    def test_another_port_is_taken_if_the_last_one_is_in_use(self, home: Path) -> None:
        first = postgres_at(home)
        first.start()
        port = first.port
        first.stop()
        with socket.create_server(("127.0.0.1", port)):
            second = postgres_at(home)
            second.start()
            second.stop()
        assert second.port != port

    def test_it_survives_sigkill(self, home: Path, running: Callable[[EmbeddedServer], None]) -> None:
        killed = postgres_at(home)
        running(killed)
        write_row(killed)
        assert killed.pid is not None
        os.kill(killed.pid, signal.SIGKILL)
        assert (killed.data / "postmaster.pid").exists()

        again = postgres_at(home)
        running(again)
        assert read_row(again) == "still there"

    def test_a_server_that_was_left_running_is_replaced(
        self, home: Path, running: Callable[[EmbeddedServer], None]
    ) -> None:
        left = postgres_at(home)
        running(left)
        write_row(left)

        again = postgres_at(home)
        running(again)
        assert gone(left.pid)
        assert read_row(again) == "still there"

    def test_a_stranger_that_has_the_stale_pid_is_let_be(
        self, home: Path, running: Callable[[EmbeddedServer], None]
    ) -> None:
        first = postgres_at(home)
        first.start()
        first.stop()
        with subprocess.Popen(["sleep", "600"], cwd=first.data) as stranger:
            try:
                (first.data / "postmaster.pid").write_text(f"{stranger.pid}\n{first.data}\n")
                running(postgres_at(home))
                assert stranger.poll() is None
            finally:
                stranger.kill()

    def test_an_interrupted_initdb_is_done_again(self, home: Path, running: Callable[[EmbeddedServer], None]) -> None:
        unfinished = home / "postgres" / "data.new"
        unfinished.mkdir(parents=True)
        (unfinished / "PG_VERSION").write_text("18\n")
        server = postgres_at(home)
        running(server)
        assert not unfinished.exists()

    def test_a_data_folder_that_was_opened_to_others_is_closed_again(
        self, home: Path, running: Callable[[EmbeddedServer], None]
    ) -> None:
        first = postgres_at(home)
        first.start()
        first.stop()
        first.data.chmod(0o755)
        running(postgres_at(home))
        assert first.data.stat().st_mode & 0o777 == 0o700

    def test_another_password_is_one_clear_error(self, home: Path) -> None:
        server = postgres_at(home)
        server.start()
        server.stop()
        with pytest.raises(WrongPassword, match=r"secrets\.json"):
            postgres_at(home, "another").start()
        assert not any(home_of(process) == str(server.data.resolve()) for process in psutil.process_iter())

    def test_a_server_that_cannot_start_shows_its_log(self, home: Path) -> None:
        server = postgres_at(home)
        server.start()
        server.stop()
        (server.data / "global" / "pg_control").unlink()
        with pytest.raises(StartFailed, match=r"(?s)postgres ended while it was starting.*pg_control"):
            postgres_at(home).start()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
    def test_root_without_namespaces_uses_an_unprivileged_user(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(identity, "namespaces_work", lambda: False)
        with tempfile.TemporaryDirectory() as reachable:
            Path(reachable).chmod(0o755)
            server = postgres_at(Path(reachable) / "var")
            (Path(reachable) / "var").mkdir()
            try:
                server.start()
            except NoUnprivilegedUser:
                pytest.skip("the programs lie where no other user can reach them")
            write_row(server)
            assert server.pid is not None
            assert psutil.Process(server.pid).uids().real != 0
            server.stop()

            monkeypatch.undo()
            ours_again = postgres_at(Path(reachable) / "var")
            ours_again.start()
            try:
                assert read_row(ours_again) == "still there"
            finally:
                ours_again.stop()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
    def test_root_with_no_way_out_is_told_so(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(identity, "namespaces_work", lambda: False)
        monkeypatch.setattr(identity, "UNPRIVILEGED", ())
        with pytest.raises(NoUnprivilegedUser, match="set DATABASE_URL"):
            postgres_at(home).start()


class TestRedis:
    def test_it_keeps_what_was_written_through_sigkill(
        self, home: Path, running: Callable[[EmbeddedServer], None]
    ) -> None:
        killed = redis_at(home)
        running(killed)
        client = Redis.from_url(killed.url)
        client.set("kept", "still there")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendfsync") == {"appendfsync": "everysec"}
        assert killed.pid is not None
        os.kill(killed.pid, signal.SIGKILL)

        again = redis_at(home)
        running(again)
        assert again.port == killed.port
        assert Redis.from_url(again.url).get("kept") == b"still there"

    def test_it_wants_its_password_and_shows_it_to_nobody(
        self, home: Path, running: Callable[[EmbeddedServer], None]
    ) -> None:
        server = redis_at(home)
        running(server)
        assert server.pid is not None
        assert not any(PASSWORD in word for word in psutil.Process(server.pid).cmdline())
        assert (server.folder / "redis.conf").stat().st_mode & 0o777 == 0o600
        with pytest.raises(Exception, match=r"(?i)auth"):
            Redis(host="127.0.0.1", port=server.port, retry=Retry(NoBackoff(), 0)).ping()

    def test_a_server_that_was_left_running_is_replaced(
        self, home: Path, running: Callable[[EmbeddedServer], None]
    ) -> None:
        left = redis_at(home)
        running(left)
        again = redis_at(home)
        running(again)
        assert gone(left.pid)

    def test_no_server_anywhere_is_one_clear_error(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(home))
        monkeypatch.setattr(redis, "_carried_servers", list)
        with pytest.raises(NoRedisServer) as refusal:
            redis_at(home).start()
        for words in ("REDIS_URL", "apt install", "dnf install", "brew install"):
            assert words in str(refusal.value)
        assert "\n" not in str(refusal.value)


STARTER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from cli.servers.postgres import EmbeddedPostgres
from cli.servers.redis import EmbeddedRedis
home = Path(sys.argv[1])
servers = EmbeddedPostgres(home / "postgres", password=sys.argv[3]), EmbeddedRedis(home / "redis", password=sys.argv[3])
for server in servers:
    server.start()
print(*(server.pid for server in servers), flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_servers_of_a_killed_starter_end_and_start_anew(home: Path, running: Callable[[EmbeddedServer], None]) -> None:
    command = [sys.executable, "-c", STARTER, str(home), str(ROOT), PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pids = [int(pid) for pid in starter.stdout.readline().split()]
        starter.kill()
    assert len(pids) == 2
    until(lambda: all(gone(pid) for pid in pids))

    for server in (postgres_at(home), redis_at(home)):
        running(server)


def test_nothing_outside_the_folder_is_made_or_changed(tmp_path: Path) -> None:
    home = tmp_path / "a" / "var"
    home.parent.mkdir()
    before = surroundings(home)
    for server in (postgres_at(home), redis_at(home)):
        server.start()
        inside = surroundings(home)
        server.stop()
        assert inside == before
    assert surroundings(home) == before


def surroundings(home: Path) -> dict[str, object]:
    """Modes and owners of every folder above, and what lies where servers like to leave something."""
    above = {str(folder): (folder.stat().st_mode, folder.stat().st_uid) for folder in home.parents}
    places = (Path(tempfile.gettempdir()), Path("/dev/shm"), Path("/run/postgresql"), Path.home())
    listed = {
        str(place): {entry.name for entry in place.iterdir() if "PostgreSQL" in entry.name or "PGSQL" in entry.name}
        for place in places
        if place.is_dir()
    }
    return {
        **above,
        **listed,
        "users": Path("/etc/passwd").read_bytes(),
        "beside": sorted(home.parent.parent.iterdir()),
    }


def home_of(process: psutil.Process) -> str | None:
    try:
        return process.cwd()
    except psutil.Error:
        return None


def test_a_requested_port_in_use_is_one_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"Port {port} is in use: choose another with --api-port"):
            requested_port(port, flag="--api-port")
        assert free_port(preferred=port) != port
    assert is_free(port)
    assert requested_port(None, flag="--api-port", preferred=port) == port
