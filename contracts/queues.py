"""The queues. A worker serves some of them; a kind has one as its default."""

from __future__ import annotations

from enum import StrEnum


class Queue(StrEnum):
    """Where a run waits. Members are ordered by how soon a person expects an answer."""

    INTERACTIVE = "interactive"
    DEFAULT = "default"
    EXPORT = "export"
    COMPUTE = "compute"
    BULK = "bulk"
    MAINTENANCE = "maintenance"


MOST_URGENT = 0
LEAST_URGENT = 9
DEFAULT_PRIORITY = 5
