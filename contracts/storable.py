"""Text that can be kept: PostgreSQL holds no NUL, and half of a surrogate pair can't even be encoded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def find_unstorable(values: Any) -> str | None:
    """Say where in nested names and values there is a character that can't be kept, and which; None where none is.

    The text around it is not repeated: what is refused is nobody else's to read.
    """
    # No recursion: how deep the values go is for their sender to choose.
    waiting: list[tuple[tuple[str, ...], Any]] = [((), values)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if found := UNSTORABLE.search(value):
                return complaint(".".join(path) or "The text", found[0])
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                if found := UNSTORABLE.search(str(name)):
                    return complaint(f"A name in {'.'.join(path)}" if path else "A name", found[0])
                waiting.append(((*path, str(name)), inner))
        elif isinstance(value, list | tuple):
            waiting.extend(((*path, str(place)), inner) for place, inner in enumerate(value))
    return None


def complaint(where: str, character: str) -> str:
    """Name the place and the character."""
    return f"{where} holds the character U+{ord(character):04X}, which no text can be stored with; leave it out"


def refuse_unstorable(values: Any) -> Any:
    """Return the values as they are: the validator that models run before all others.

    Raises:
        PydanticCustomError: one of them can't be kept.
    """
    if said := find_unstorable(values):
        raise PydanticCustomError("unstorable_text", "{said}", {"said": said})
    return values
