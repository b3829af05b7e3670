"""Names that Excel takes for sheets."""

from __future__ import annotations

import re

_LONGEST = 31  # counted in UTF-16 units, as Excel does
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|[\x00-\x1f]")


class SheetNames:
    """Makes names that differ, whatever their case, and hold none of the marks of a formula."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def make(self, title: str) -> str:
        """A legal name as near to the title as can be."""
        plain = " ".join(_FORBIDDEN.sub(" ", title).split()).strip("'")
        base = _cut(plain, _LONGEST).strip().strip("'") or "Sheet"
        base = "History 1" if base.lower() == "history" else base
        name, number = base, 1
        while name.lower() in self._taken:
            number += 1
            suffix = f" ({number})"
            name = _cut(base, _LONGEST - len(suffix)) + suffix
        self._taken.add(name.lower())
        return name


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")
