"""Vectors on their way to pgvector."""

from __future__ import annotations

from collections.abc import Sequence


def vector_text(numbers: Sequence[float]) -> str:
    """Write a vector as pgvector reads it. Nine digits give every number of single precision back."""
    return "[" + ",".join([f"{number:.9g}" for number in numbers]) + "]"
