"""Where the translation memory holds another translation of a sentence than the one that stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from db.repositories.suggestions import AlignedSentence, aligned_sentences
from db.session import Session
from engines.text.sentences import without_mark
from engines.writing.drafts import Draft
from providers.ai.embedder import Embedder

MEMORY_MODEL = "memory-1"
"""How these suggestions are made, as `ai_model` keeps it."""

# Below this a match is another sentence, whose translation says something else.
NEAR_EXACT = 0.95
MOST_MATCHES = 5


class Found(Protocol):
    """A match of the memory, as far as it is needed here."""

    @property
    def entry_id(self) -> int:
        """The row of translation_memory."""

    @property
    def target(self) -> str:
        """The translation."""

    @property
    def kind(self) -> str:
        """`exact`, `fuzzy` or `semantic`."""

    @property
    def score(self) -> float:
        """1 for the same text."""


class LookUp(Protocol):
    """Asks the memory for translations of a text."""

    def __call__(
        self,
        session: Session,
        embedder: Embedder,
        *,
        text: str,
        source_language: str,
        target_language: str,
        limit: int,
        minimum_score: float,
    ) -> Sequence[Found]:
        """Return the matches, best first."""


def suggest_translations(session: Session, embedder: Embedder, job_id: int, look_up: LookUp) -> tuple[Draft, ...]:
    """Propose the memory's translation for each aligned sentence that is translated otherwise.

    Without alignments there is nothing to propose: which sentence translates which is not guessed here.
    """
    return tuple(_drafts(session, embedder, aligned_sentences(session, job_id), look_up))


def _drafts(
    session: Session, embedder: Embedder, sentences: Sequence[AlignedSentence], look_up: LookUp
) -> Iterator[Draft]:
    for sentence in sentences:
        matches = look_up(
            session,
            embedder,
            text=without_mark(sentence.source),
            source_language=sentence.source_language,
            target_language=sentence.target_language,
            limit=MOST_MATCHES,
            minimum_score=NEAR_EXACT,
        )
        if draft := another_translation(sentence, matches):
            yield draft


def another_translation(sentence: AlignedSentence, matches: Sequence[Found]) -> Draft | None:
    """Return the best other translation, unless the memory knows the one that stands there.

    The confidence is the match's score times the alignment's own confidence.
    """
    near = [match for match in matches if match.kind in {"exact", "fuzzy"} and match.score >= NEAR_EXACT]
    stands_there = without_mark(sentence.target)
    if not near or any(_same(without_mark(match.target), stands_there) for match in near):
        return None
    best = near[0]
    likeness = "the same sentence" if best.kind == "exact" else "nearly the same sentence"
    return Draft(
        suggestion_type="translation",
        section=None,
        original=stands_there,
        suggested=without_mark(best.target),
        explanation=f"Entry {best.entry_id} of the memory translates {likeness} like this (score {best.score:.2f}).",
        confidence=best.score * sentence.confidence,
        source=f"translation_memory:{best.entry_id}",
    )


def _same(one: str, other: str) -> bool:
    """The same but for spaces."""
    return one.split() == other.split()
