"""Whom PostgreSQL runs as. It refuses root, and nothing outside its folder may be changed for that."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cli.errors import NoUnprivilegedUser
from cli.process import credentials

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class ServerUser:
    """`prefix` comes before the server's own command; `uid` and `gid` are set where another user must run it."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None


def choose_server_user(folder: Path, program: Path) -> ServerUser:
    """As ourselves; as root in a user namespace (the files stay ours), else as an existing unprivileged user.

    Raises:
        NoUnprivilegedUser: we are root and there is neither.
    """
    if os.geteuid() != 0:
        return ServerUser()
    if namespaces_work():
        return ServerUser(prefix=NAMESPACE)
    for user in _unprivileged_users():
        give_to(folder, user)
        if _can_run(user, folder, program):
            return user
    give_to(folder, ServerUser())
    raise NoUnprivilegedUser


def namespaces_work() -> bool:
    """May we open a user namespace? Containers often refuse it."""
    try:
        return subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def give_to(folder: Path, user: ServerUser) -> None:
    """Make the folder and all in it the server user's own. Only root can, and only there is it needed."""
    if os.geteuid() != 0:
        return
    uid, gid = (0, 0) if user.uid is None or user.gid is None else (user.uid, user.gid)
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid != uid:
            os.chown(path, uid, gid, follow_symlinks=False)


def _unprivileged_users() -> list[ServerUser]:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return [ServerUser(uid=known[name].pw_uid, gid=known[name].pw_gid) for name in UNPRIVILEGED if name in known]


def _can_run(user: ServerUser, folder: Path, program: Path) -> bool:
    """Can this user reach both the folder and the program? Folders above it are often closed to others."""
    probe = ["sh", "-c", 'test -w "$1" && exec "$2" --version', "sh", str(folder), str(program)]
    try:
        done = subprocess.run(probe, check=False, cwd="/", capture_output=True, **credentials(user.uid, user.gid))
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
