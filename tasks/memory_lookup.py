"""Asking the translation memory: the same text, a similar one, or one of similar meaning."""

from __future__ import annotations

from db.repositories import memory
from db.repositories.memory import FoundEntry, Question
from db.session import Session
from engines.translation.matching import (
    Candidate,
    Match,
    exact_match,
    fuzzy_match,
    is_near,
    least_similarity,
    rank_matches,
    semantic_match,
)
from engines.translation.segments import normalize_segment
from providers.ai.embedder import Embedder

CANDIDATES = 50


def look_up(
    session: Session,
    embedder: Embedder,
    *,
    text: str,
    source_language: str,
    target_language: str,
    limit: int,
    minimum_score: float,
    domain: str | None = None,
) -> tuple[Match, ...]:
    """Return the best matches of `text`, exact ones first, then fuzzy, then semantic. Nothing is written.

    `minimum_score` holds for fuzzy matches. The embedder is not asked when exact matches alone are enough; hand in one
    that keeps account of paid calls (`tasks.memory_vectors.CountedEmbedder`).
    """
    question = Question(normalize_segment(text), source_language, target_language, domain)
    if not question.text:
        return ()
    exact = [
        exact_match(question.text, candidate_of(entry)) for entry in memory.find_exact(session, question, limit=limit)
    ]
    if len(exact) >= limit:
        return rank_matches(exact, limit=limit)
    matches = (
        *exact,
        *find_fuzzy(session, question, minimum_score),
        *find_semantic(session, question, embedder),
    )
    return rank_matches(matches, limit=limit)


def find_fuzzy(session: Session, question: Question, minimum_score: float) -> list[Match]:
    """Let the trigrams name candidates, and count words to score them."""
    threshold = least_similarity(minimum_score)
    found = memory.find_similar(session, question, threshold=threshold, limit=CANDIDATES)
    scored = (fuzzy_match(question.text, candidate_of(entry)) for entry in found if entry.source != question.text)
    return [match for match in scored if match.score >= minimum_score]


def find_semantic(session: Session, question: Question, embedder: Embedder) -> list[Match]:
    """Return the entries whose vectors of the embedder's model are near the text's."""
    [vector] = embedder.embed([question.text]).vectors.tolist()
    if not any(vector):
        return []
    found = memory.find_near(session, question, vector, model=embedder.model, limit=CANDIDATES)
    matches = (semantic_match(question.text, candidate_of(entry)) for entry in found if entry.source != question.text)
    return [match for match in matches if is_near(match)]


def candidate_of(entry: FoundEntry) -> Candidate:
    """Hand an entry to the engine."""
    return Candidate(entry.id, entry.source, entry.target, entry.domain, entry.similarity)
