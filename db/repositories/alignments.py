"""Translation pairs, their two documents, and the alignments of their sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from db.models import GlossaryTerm, JobDescription, SentenceAlignment, TranslationPair

AUTOMATIC, STATISTICAL = "automatic", "statistical"


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of the list of pairs. What the schema calls quality and confidence is explained at `PairMeasures`."""

    id: int
    job_number: str | None
    classification: str | None
    source_title: str | None
    target_title: str | None
    source_language: str
    target_language: str
    status: str | None
    alignment_method: str | None
    alignment_quality: Decimal | None
    alignment_confidence: Decimal | None
    alignments: int


@dataclass(frozen=True, slots=True)
class PairTexts:
    """A pair with the texts of its documents; None where a document is missing or has no text column filled."""

    id: int
    source_job_id: int | None
    target_job_id: int | None
    source_language: str
    target_language: str
    source_text: str | None
    target_text: str | None


@dataclass(frozen=True, slots=True)
class PairMeasures:
    """What an alignment says of its pair.

    `confidence` is the mean confidence of its links. `quality` is the share of both documents' sentences that have a
    counterpart.
    """

    method: str
    quality: Decimal
    confidence: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence (or some, side by side) and where it stands: `text == raw_content[start:end]`, in characters."""

    text: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What a task writes of one link. A side without counterpart is NULL, text and positions alike."""

    source_sentence: str | None
    source_position_start: int | None
    source_position_end: int | None
    target_sentence: str | None
    target_position_start: int | None
    target_position_end: int | None
    confidence_score: Decimal | None


@dataclass(frozen=True, slots=True)
class Alignment:
    """One stored link, as readers see it."""

    id: int
    source_sentence: str | None
    source_position_start: int | None
    source_position_end: int | None
    target_sentence: str | None
    target_position_start: int | None
    target_position_end: int | None
    confidence_score: Decimal | None
    alignment_type: str | None
    alignment_method: str | None
    quality_rating: int | None
    reviewed_by: int | None

    @property
    def source(self) -> Place | None:
        """Its sentence in the source."""
        return as_place(self.source_sentence, self.source_position_start, self.source_position_end)

    @property
    def target(self) -> Place | None:
        """Its sentence in the target."""
        return as_place(self.target_sentence, self.target_position_start, self.target_position_end)


@dataclass(frozen=True, slots=True)
class Written:
    """What a replacement did: links that were there already, new ones, and stale ones that went."""

    kept: int
    added: int
    removed: int


LINK_COLUMNS = tuple(field.name for field in fields(LinkRow))
COLUMNS = tuple(getattr(SentenceAlignment, name) for name in Alignment.__dataclass_fields__)


def as_place(text: str | None, start: int | None, end: int | None) -> Place | None:
    """Return a side of a link, or None where it is empty."""
    return None if text is None else Place(text, start, end)


def list_pairs(session: Session, *, limit: int) -> list[Pair]:
    """Return the pairs that this transaction may see, by number of the description."""
    source, target = aliased(JobDescription), aliased(JobDescription)
    alignments = (
        select(func.count())
        .where(SentenceAlignment.translation_pair_id == TranslationPair.id)
        .correlate(TranslationPair)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            TranslationPair.id,
            source.job_number,
            source.classification,
            source.title.label("source_title"),
            target.title.label("target_title"),
            TranslationPair.source_language,
            TranslationPair.target_language,
            TranslationPair.status,
            TranslationPair.alignment_method,
            TranslationPair.alignment_quality,
            TranslationPair.alignment_confidence,
            alignments.label("alignments"),
        )
        .outerjoin(source, source.id == TranslationPair.source_job_id)
        .outerjoin(target, target.id == TranslationPair.target_job_id)
        .order_by(source.job_number, TranslationPair.id)
        .limit(limit)
    )
    return [Pair(**row) for row in rows.mappings()]


def sees_pair(session: Session, pair_id: int) -> bool:
    """May this transaction see the pair?"""
    return session.scalar(select(TranslationPair.id).where(TranslationPair.id == pair_id)) is not None


def take_pair(session: Session, pair_id: int) -> PairTexts | None:
    """Return the pair with its texts, and hold it until the transaction ends: two runs must not write side by side."""
    # Not so hard as to stop people who add links of their own meanwhile.
    pair = session.get(TranslationPair, pair_id, with_for_update={"key_share": True})
    if pair is None:
        return None
    jobs = [each for each in (pair.source_job_id, pair.target_job_id) if each is not None]
    rows = session.execute(select(JobDescription.id, JobDescription.raw_content).where(JobDescription.id.in_(jobs)))
    texts = {job_id: text for job_id, text in rows}  # noqa: C416 - mypy knows no dict of rows
    return PairTexts(
        id=pair.id,
        source_job_id=pair.source_job_id,
        target_job_id=pair.target_job_id,
        source_language=pair.source_language,
        target_language=pair.target_language,
        source_text=texts.get(pair.source_job_id or 0),
        target_text=texts.get(pair.target_job_id or 0),
    )


def read_glossary(session: Session, *, source_language: str, target_language: str) -> Mapping[str, frozenset[str]]:
    """Return the terms of a language with their translations, whichever way the glossary has them. None rejected."""
    terms: dict[str, set[str]] = defaultdict(set)
    rows = session.execute(
        select(GlossaryTerm.source_language, GlossaryTerm.term_source, GlossaryTerm.term_target).where(
            GlossaryTerm.source_language.in_([source_language, target_language]),
            GlossaryTerm.target_language.in_([source_language, target_language]),
            GlossaryTerm.approval_status.is_distinct_from("rejected"),
        )
    )
    for language, term, translation in rows:
        ours, theirs = (term, translation) if language == source_language else (translation, term)
        terms[ours].add(theirs)
    return {term: frozenset(translations) for term, translations in terms.items()}


def find_alignments(session: Session, pair_id: int) -> list[Alignment]:
    """Return all links of a pair, in the order in which the two texts are read side by side."""
    rows = session.execute(select(*COLUMNS).where(SentenceAlignment.translation_pair_id == pair_id))
    return side_by_side([Alignment(**row) for row in rows.mappings()])


def side_by_side(alignments: Iterable[Alignment]) -> list[Alignment]:
    """Order links as a reader goes: by the source, and what only the target has before the link that follows it."""
    links = sorted(alignments, key=lambda each: each.id)
    with_source = sorted((each for each in links if each.source), key=lambda each: each.source_position_start or 0)
    without = sorted((each for each in links if not each.source), key=lambda each: each.target_position_start or 0)
    ordered: list[Alignment] = []
    for each in with_source:
        if each.target_position_start is not None:
            while without and (without[0].target_position_start or 0) < each.target_position_start:
                ordered.append(without.pop(0))
        ordered.append(each)
    return [*ordered, *without]


def list_held(session: Session, pair_id: int) -> list[Alignment]:
    """Return the links of a pair that people made, changed or reviewed."""
    rows = session.execute(select(*COLUMNS).where(SentenceAlignment.translation_pair_id == pair_id, ~unreviewed()))
    return [Alignment(**row) for row in rows.mappings()]


def replace_automatic(session: Session, pair_id: int, links: Sequence[LinkRow]) -> Written:
    """Make `links` the pair's automatic links: what is there already stays as it is, under its id.

    Links that people have touched, or that another method made, are left alone.
    """
    mine = select(SentenceAlignment.id, *(getattr(SentenceAlignment, name) for name in LINK_COLUMNS)).where(
        SentenceAlignment.translation_pair_id == pair_id,
        SentenceAlignment.alignment_method == STATISTICAL,
        unreviewed(),
    )
    there = {LinkRow(*row[1:]): row[0] for row in session.execute(mine)}
    stale = [id_ for link, id_ in there.items() if link not in set(links)]
    new = [link for link in links if link not in there]
    if stale:
        session.execute(delete(SentenceAlignment).where(SentenceAlignment.id.in_(stale)))
    added = insert_links(session, pair_id, new) if new else 0
    return Written(kept=len(there) - len(stale), added=added, removed=len(stale))


def unreviewed() -> ColumnElement[bool]:
    """Nobody made, changed, rated or reviewed the link. What has no type may be anyone's, and counts as a person's."""
    return (
        (func.coalesce(SentenceAlignment.alignment_type, "") == AUTOMATIC)
        & SentenceAlignment.reviewed_by.is_(None)
        & SentenceAlignment.reviewed_at.is_(None)
        & SentenceAlignment.quality_rating.is_(None)
    )


def insert_links(session: Session, pair_id: int, links: Sequence[LinkRow]) -> int:
    """Insert links; return how many were new by the natural key."""
    values = [
        {name: getattr(link, name) for name in LINK_COLUMNS}
        | {"translation_pair_id": pair_id, "alignment_type": AUTOMATIC, "alignment_method": STATISTICAL}
        for link in links
    ]
    statement = insert(SentenceAlignment).values(values).on_conflict_do_nothing().returning(SentenceAlignment.id)
    return len(session.scalars(statement).all())


def note_measures(session: Session, pair_id: int, measures: PairMeasures) -> None:
    """Note on the pair how it was aligned, where that says something new."""
    values = {
        "alignment_method": measures.method,
        "alignment_quality": measures.quality,
        "alignment_confidence": measures.confidence,
    }
    differs = [getattr(TranslationPair, name).is_distinct_from(value) for name, value in values.items()]
    session.execute(
        update(TranslationPair)
        .where(TranslationPair.id == pair_id, differs[0] | differs[1] | differs[2])
        .values(values)
    )
