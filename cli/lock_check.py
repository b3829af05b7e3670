"""Do the lock files hold what pyproject.toml asks for? Works without a network: it compares, it resolves nothing."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(text: str) -> dict[str, str]:
    """Name and version of every line of a lock file."""
    return {canonicalize_name(name): version for name, version in PIN.findall(text)}


def stale(requirements: Iterable[str], locked: dict[str, str]) -> list[str]:
    """The requirements that the lock file does not meet."""
    return [text for text in requirements if not _is_met(Requirement(text), locked)]


def _is_met(requirement: Requirement, locked: dict[str, str]) -> bool:
    version = locked.get(canonicalize_name(requirement.name))
    return version is not None and requirement.specifier.contains(version, prereleases=True)


def main() -> int:
    """Print each requirement that is not met; exit 1 if there is one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    everything = [*project["dependencies"]]
    for group in project.get("optional-dependencies", {}).values():
        everything += group
    wanted = {"requirements.lock": project["dependencies"], "requirements-dev.lock": everything}
    faults = [
        f"{name} does not meet {text!r}: renew the lock files (CONTRIBUTING.md)"
        for name, requirements in wanted.items()
        for text in stale(requirements, pins((ROOT / name).read_text(encoding="utf-8")))
    ]
    for fault in faults:
        sys.stderr.write(f"dray: {fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
