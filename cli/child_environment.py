"""What each process of the local stack is told: no more than it needs."""

from __future__ import annotations

import os
from collections.abc import Mapping

from cli.local_state import ROOT

# Where programs, libraries, fonts and certificates are found, and how text is written.
MACHINE = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME"),
)


def provider_environment(caller: Mapping[str, str]) -> dict[str, str]:
    """The caller's keys and addresses of paid providers, which only workers need."""
    return {name: value for name, value in caller.items() if name.startswith("OPENAI_")}


def child_environment(caller: Mapping[str, str], **own: str) -> dict[str, str]:
    """The machine's variables, every DRAY_… one of the caller's, and the process's own."""
    passed = {name: value for name, value in caller.items() if name in MACHINE or name.startswith("DRAY_")}
    return {"PATH": os.defpath, **passed, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **own}
