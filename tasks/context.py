"""What a task is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Protocol
from uuid import UUID

from db.session import Session
from exporters.document import ReportDocument
from providers.ai.assistant import Assistant
from providers.ai.embedder import Embedder
from providers.storage.store import Store


class Renderer(Protocol):
    """Turns a report document into the bytes of a file, outside this process."""

    def render(self, format: str, document: ReportDocument) -> bytes:
        """Render `document`, within the renderer's limits of time and memory."""


class Progress(Protocol):
    """Tells how far the run is."""

    def __call__(self, fraction: float, message: str | None = None) -> None:
        """Note a fraction between 0 and 1. Cheap: calls in quick succession are dropped."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far an earlier attempt came: the last step that it committed, and what that step left for the next."""

    name: str
    state: Mapping[str, Any]


class SaveCheckpoint(Protocol):
    """Commits what the task wrote so far, and notes where a later attempt goes on."""

    def __call__(self, name: str, state: Mapping[str, Any] | None = None) -> None:
        """Commit, with the step's `name` and what the next one has to know (small: ids and counts).

        Raises:
            LeaseLost: another attempt owns the run; nothing was written.
        """


@dataclass(frozen=True, slots=True)
class TaskContext:
    """One attempt's surroundings. The session's transaction is also the one that settles the run."""

    run_id: UUID
    attempt: int
    requested_by: UUID | None
    session: Session
    store: Store
    renderer: Renderer
    embedder: Embedder
    # None where no provider is configured: then tasks use local means.
    assistant: Assistant | None
    # A transaction of its own beside the task's, for what must outlive a failed attempt: what a paid call answered.
    aside: Callable[[], AbstractContextManager[Session]]
    progress: Progress
    # Where an earlier attempt of this run got to, if it saved a checkpoint.
    resume: Checkpoint | None
    save: SaveCheckpoint
    now: Callable[[], datetime]
    # Seeded from the run's id: a second attempt draws the same numbers.
    random: Random
