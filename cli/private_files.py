"""Files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cli.errors import UnwritableFolder


def make_private_folder(folder: Path) -> Path:
    """Make the folder (mode 0700) if it is not there; an existing one is left as it is.

    Raises:
        UnwritableFolder: we may not.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableFolder(
            f"The folder {folder} cannot be made ({error.strerror}): change the owner or mode of what is above it, or "
            "set DRAY_VAR to another folder."
        ) from None
    return folder


def write_private(path: Path, text: str) -> None:
    """Write with mode 0600 under a temporary name, then rename."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def write_private_json(path: Path, value: Any) -> None:
    """The same for a JSON document."""
    write_private(path, json.dumps(value, indent=2, sort_keys=True) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """The document, or an empty one if it is missing or was never finished."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
