"""The contract of an assistant: it proposes better wording for passages of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.errors import ProviderFailure
from providers.ai.usage import Usage


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of a document: data to the assistant, never instructions. `language` is `en` or `fr`."""

    section: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that was proposed. Nothing is taken on trust: whoever asked checks `original` against the passage."""

    section: str
    suggestion_type: str
    original: str
    suggested: str
    explanation: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposals:
    """What one call answered. `unanswered` says why there is nothing in it: a model may refuse, or run out of room."""

    items: tuple[Proposal, ...]
    usage: Usage
    unanswered: str | None = None


class UnusableAnswer(ProviderFailure):
    """The model answered with something that can't be read. It was paid for all the same: `usage` says what."""

    def __init__(self, message: str, usage: Usage) -> None:
        super().__init__(message)
        self.usage = usage


class Assistant(Protocol):
    """Proposes wording by a paid model. Without one, tasks use local means."""

    @property
    def provider(self) -> str:
        """Who does it, as `ai_provider` keeps it."""

    @property
    def model(self) -> str:
        """The model's name, as `ai_model` keeps it."""

    def call_key(self, passage: Passage, suggestion_types: Sequence[str]) -> str:
        """Return a hash of all that would be asked: the same key, the same question."""

    def propose(self, passage: Passage, suggestion_types: Sequence[str]) -> Proposals:
        """Ask for proposals of these types.

        Raises:
            UnusableAnswer: it answered, at a price, with what can't be read; another attempt may succeed.
            ProviderFailure: the service failed; another attempt may succeed.
            Permanent: the service refuses, and would again.
        """
