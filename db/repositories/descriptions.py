"""Job descriptions: reading one, and listing those that the asker may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import JobDescription


@dataclass(frozen=True, slots=True)
class Description:
    """A job description in one language. `text` is its `raw_content`."""

    id: int
    job_number: str | None
    title: str | None
    classification: str | None
    language: str | None
    text: str


@dataclass(frozen=True, slots=True)
class DescriptionSummary:
    """One line of a list of job descriptions."""

    id: int
    job_number: str | None
    title: str | None
    classification: str | None
    language: str | None


def find_description(session: Session, job_id: int) -> Description | None:
    """Return a job description that this transaction may see, or None."""
    row = session.execute(
        select(
            JobDescription.id,
            JobDescription.job_number,
            JobDescription.title,
            JobDescription.classification,
            JobDescription.language,
            func.coalesce(JobDescription.raw_content, ""),
        ).where(JobDescription.id == job_id)
    ).one_or_none()
    return Description(*row) if row else None


def list_descriptions(
    session: Session, *, limit: int, job_number: str | None = None, language: str | None = None
) -> list[DescriptionSummary]:
    """Return the job descriptions that this transaction may see, by number and language."""
    query = select(
        JobDescription.id,
        JobDescription.job_number,
        JobDescription.title,
        JobDescription.classification,
        JobDescription.language,
    )
    if job_number is not None:
        query = query.where(JobDescription.job_number == job_number)
    if language is not None:
        query = query.where(JobDescription.language == language)
    query = query.order_by(JobDescription.job_number, JobDescription.language, JobDescription.id).limit(limit)
    return [DescriptionSummary(**row) for row in session.execute(query).mappings()]
