"""Checks a description against every rule of its language."""

from __future__ import annotations

from collections.abc import Collection

from engines.compliance.findings import Checked


def check(text: str, language: str, *, check_types: Collection[str] | None = None) -> Checked:
    """Check `text` (`en` or `fr`) against the rules of `check_types`, or of all."""
    raise NotImplementedError
