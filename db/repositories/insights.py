"""Insights: a report's own as people see them, and how a generator keeps its rows up to date.

A generator's rows carry a fingerprint; rows of people and of other services carry none and are never touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Row,
    cast,
    delete,
    exists,
    func,
    literal_column,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from db.models import AiInsight, PmrReport

GENERATOR = "local"


@dataclass(frozen=True, slots=True)
class NewInsight:
    """An insight as a generator hands it over."""

    fingerprint: str
    insight_type: str
    category: str
    priority: str
    title: str
    content: str
    confidence_score: Decimal
    supporting_data: Mapping[str, Any]
    predicted_impact: str | None
    recommended_actions: Sequence[str]
    data_sources: Sequence[str]
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportInsight:
    """An insight as whoever may read its report sees it. `generator` is None where none of ours wrote it."""

    id: UUID
    insight_type: str
    category: str
    priority: str
    title: str
    content: str
    confidence_score: Decimal
    validation_status: str
    supporting_data: Mapping[str, Any]
    predicted_impact: str | None
    recommended_actions: Sequence[Any]
    data_sources: Sequence[Any]
    generator: str | None
    generated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a generator's rows up to date came to, in rows. `unchanged` includes those that people judged."""

    inserted: int
    updated: int
    unchanged: int
    removed: int

    @property
    def changed(self) -> bool:
        """Is any row other than before?"""
        return bool(self.inserted or self.updated or self.removed)


def list_report_insights(
    session: Session, report_id: UUID, *, categories: Collection[str] | None = None
) -> list[ReportInsight] | None:
    """Return a report's insights, the most urgent first; None where this transaction may see no such report."""
    if not session.scalar(select(exists().where(PmrReport.id == report_id))):
        return None
    wanted = [AiInsight.category.in_(categories)] if categories else []
    rows = session.execute(
        select(AiInsight, AiInsight.metadata_["generator"].astext)
        .where(AiInsight.report_id == report_id, *wanted)
        .order_by(AiInsight.priority.desc(), AiInsight.confidence_score.desc(), AiInsight.id)
    )
    return [to_report_insight(row) for row in rows]


def to_report_insight(joined: Row[AiInsight, str | None]) -> ReportInsight:
    """Copy a row; columns that the schema lets be NULL take their defaults."""
    row, generator = joined
    return ReportInsight(
        id=row.id,
        insight_type=row.insight_type,
        category=row.category,
        priority=row.priority or "medium",
        title=row.title,
        content=row.content,
        confidence_score=row.confidence_score,
        validation_status=row.validation_status or "pending",
        supporting_data=row.supporting_data or {},
        predicted_impact=row.predicted_impact,
        recommended_actions=row.recommended_actions or (),
        data_sources=row.data_sources or (),
        generator=generator,
        generated_at=row.generated_at,
    )


def keep_insights(
    session: Session, report_id: UUID, insights: Sequence[NewInsight], *, categories: Collection[str]
) -> Kept:
    """Make the generator's rows of `categories` what `insights` says, as far as people have not judged them.

    New ones are inserted. One that is still pending is updated where it differs, and only there. A pending one that is
    no longer found is removed, unless someone gave feedback on it.
    """
    written = [is_new for insight in ordered(insights) if (is_new := upsert(session, report_id, insight)) is not None]
    removed = remove_stale(session, report_id, {insight.fingerprint for insight in insights}, categories)
    inserted = sum(written)
    return Kept(inserted, len(written) - inserted, len(insights) - len(written), removed)


def ordered(insights: Sequence[NewInsight]) -> list[NewInsight]:
    """Sort the rows as every run locks them: two runs at once then wait for each other and never deadlock."""
    return sorted(insights, key=lambda insight: insight.fingerprint)


# What a new run may change of its own row.
OWN_COLUMNS = (
    "insight_type",
    "category",
    "priority",
    "title",
    "content",
    "confidence_score",
    "supporting_data",
    "predicted_impact",
    "recommended_actions",
    "data_sources",
    "metadata",
)


def upsert(session: Session, report_id: UUID, insight: NewInsight) -> bool | None:
    """Insert (True) or update (False) one row; None where it stays as it is."""
    table = AiInsight.__table__
    values = {name: plain(getattr(insight, name)) for name in OWN_COLUMNS}
    new = insert(table).values(report_id=report_id, fingerprint=insight.fingerprint, **values)  # type: ignore[arg-type]
    stored = tuple_(*(table.c[name] for name in OWN_COLUMNS))
    wanted = tuple_(*(new.excluded[name] for name in OWN_COLUMNS))
    own = table.c.metadata["generator"].astext == GENERATOR
    pending = table.c.validation_status == "pending"
    statement: ReturningInsert[bool] = new.on_conflict_do_update(
        index_elements=["report_id", "fingerprint"],
        set_={name: new.excluded[name] for name in OWN_COLUMNS} | {"generated_at": func.now()},
        where=own & pending & stored.is_distinct_from(wanted),
        # xmax is zero in a row that no transaction has replaced: this statement inserted it.
    ).returning(literal_column("xmax = 0", Boolean))
    return session.execute(statement).scalar_one_or_none()


def plain(value: Any) -> Any:
    """Make JSON of what is read-only."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def remove_stale(session: Session, report_id: UUID, found: Collection[str], categories: Collection[str]) -> int:
    """Delete the generator's rows that were not found again and that nobody judged; return how many."""
    untouched = (
        AiInsight.validation_status == "pending",
        AiInsight.validated_by.is_(None),
        AiInsight.validation_notes.is_(None),
        AiInsight.feedback_score.is_(None),
        AiInsight.user_feedback.is_(None),
    )
    removed = session.execute(
        delete(AiInsight)
        .where(
            AiInsight.report_id == report_id,
            AiInsight.fingerprint.is_not(None),
            AiInsight.fingerprint.not_in(found),
            AiInsight.metadata_["generator"].astext == GENERATOR,
            AiInsight.category.in_(categories),
            *untouched,
        )
        .returning(AiInsight.id)
        .execution_options(synchronize_session=False)
    )
    return len(removed.all())


def note_confidence(session: Session, report_id: UUID) -> None:
    """State on the report how far its generated insights are to be trusted: the mean of each category.

    Other services' scores in the same column stay. A report whose scores are what they were isn't touched.
    """
    scores = {"insights": mean_confidence(session, report_id)}
    column = PmrReport.ai_confidence_scores
    merged = func.coalesce(column, text("'{}'::jsonb")).op("||")(cast(scores, JSONB))
    session.execute(
        update(PmrReport)
        .where(PmrReport.id == report_id, column.is_distinct_from(merged))
        .values(ai_confidence_scores=merged, last_ai_update=func.now())
        .execution_options(synchronize_session=False)
    )


def mean_confidence(session: Session, report_id: UUID) -> dict[str, float]:
    """Return the mean confidence of the generator's rows that nobody rejected, by category."""
    rows = session.execute(
        select(AiInsight.category, func.round(func.avg(AiInsight.confidence_score), 2))
        .where(
            AiInsight.report_id == report_id,
            AiInsight.metadata_["generator"].astext == GENERATOR,
            AiInsight.validation_status != "rejected",
        )
        .group_by(AiInsight.category)
    )
    return {category: float(mean) for category, mean in rows}
