"""Compliance checks: what a check found, kept beside what people have said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, false, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import ComplianceCheck

NATURAL_KEY = "compliance_checks_natural_key"
# What a later wording of a rule may change in a row that nobody has touched.
WORDING = ("rule_description", "compliance_status", "severity", "recommendation", "auto_fixable")
BATCH = 500


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What one rule found.

    `location_start` and `location_end` count characters (code points) of `raw_content` from 0.
    """

    check_type: str
    rule_name: str
    rule_description: str
    compliance_status: str
    severity: str
    location_start: int | None
    location_end: int | None
    section_type: str | None
    flagged_text: str | None
    recommendation: str | None
    auto_fixable: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it apart from the others of its job description."""
        return (
            self.check_type,
            self.rule_name,
            self.section_type,
            self.location_start,
            self.location_end,
            self.flagged_text,
        )


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """A stored finding, and what people made of it."""

    id: int
    finding: CheckRow
    fix_applied: bool
    acknowledged_by: int | None
    acknowledged_at: datetime | None
    created_at: datetime | None


def lock_checks(session: Session, job_id: int) -> None:
    """Let one transaction at a time renew the checks of a job description. Take it before reading the text."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(ComplianceCheck.__tablename__), job_id)))


def replace_checks(session: Session, job_id: int, found: Sequence[CheckRow], *, rules: Collection[str]) -> int:
    """Make the rows of `rules` for a job description those of `found`; return how many rows that changed.

    Rows that still hold keep their ids. Rows that somebody acknowledged or mended stay as they are, found again or not.
    Rows of other rules, and those of editing sessions, are not looked at.
    """
    removed = _remove_stale(session, job_id, {row.key for row in found}, rules)
    return removed + sum(_add(session, job_id, found[start : start + BATCH]) for start in range(0, len(found), BATCH))


def _remove_stale(session: Session, job_id: int, keys: Collection[tuple[object, ...]], rules: Collection[str]) -> int:
    columns = (
        *(ComplianceCheck.check_type, ComplianceCheck.rule_name, ComplianceCheck.section_type),
        *(ComplianceCheck.location_start, ComplianceCheck.location_end, ComplianceCheck.flagged_text),
    )
    own = and_(
        ComplianceCheck.job_id == job_id, ComplianceCheck.session_id.is_(None), ComplianceCheck.rule_name.in_(rules)
    )
    rows = session.execute(select(ComplianceCheck.id, *columns).where(own, untouched())).all()
    stale = [row[0] for row in rows if tuple(row[1:]) not in keys]
    # Asked again whether they are untouched: somebody may have acknowledged one in the meantime.
    removal = delete(ComplianceCheck).where(ComplianceCheck.id.in_(stale), untouched())
    return len(session.execute(removal.returning(ComplianceCheck.id)).all()) if stale else 0


def untouched() -> Any:
    """Rows that nobody acknowledged or mended."""
    return and_(
        ComplianceCheck.acknowledged_by.is_(None), func.coalesce(ComplianceCheck.fix_applied, false()).is_(False)
    )


def _add(session: Session, job_id: int, rows: Iterable[CheckRow]) -> int:
    new = insert(ComplianceCheck).values([{"job_id": job_id, **asdict(row)} for row in rows])
    changed = or_(*(getattr(ComplianceCheck, name).is_distinct_from(new.excluded[name]) for name in WORDING))
    statement = new.on_conflict_do_update(
        constraint=NATURAL_KEY,
        set_={name: new.excluded[name] for name in WORDING},
        where=and_(untouched(), ComplianceCheck.session_id.is_(None), changed),
    )
    return len(session.execute(statement.returning(ComplianceCheck.id)).all())


def list_checks(
    session: Session,
    job_id: int,
    *,
    statuses: Collection[str] | None = None,
    check_types: Collection[str] | None = None,
    after: StoredCheck | None = None,
    limit: int = 200,
) -> list[StoredCheck]:
    """Return the checks of a job description: what is broken in the order of the text, then what is kept.

    With `after` only those that follow this one.
    """
    query = select(ComplianceCheck).where(ComplianceCheck.job_id == job_id)
    if statuses:
        query = query.where(ComplianceCheck.compliance_status.in_(statuses))
    if check_types:
        query = query.where(ComplianceCheck.check_type.in_(check_types))
    order = tuple_(
        case((ComplianceCheck.compliance_status == "compliant", 1), else_=0),
        func.coalesce(ComplianceCheck.location_start, -1),
        ComplianceCheck.id,
    )
    if after:
        start = -1 if after.finding.location_start is None else after.finding.location_start
        query = query.where(order > (int(after.finding.compliance_status == "compliant"), start, after.id))
    query = query.order_by(*order.clauses).limit(limit)
    return [to_check(row) for row in session.scalars(query)]


def find_check(session: Session, job_id: int, check_id: int) -> StoredCheck | None:
    """Return one check of a job description, or None."""
    found = select(ComplianceCheck).where(ComplianceCheck.job_id == job_id, ComplianceCheck.id == check_id)
    row = session.scalars(found).one_or_none()
    return to_check(row) if row else None


def to_check(row: ComplianceCheck) -> StoredCheck:
    """Turn a row into a value."""
    finding = CheckRow(
        check_type=row.check_type,
        rule_name=row.rule_name or "",
        rule_description=row.rule_description or "",
        compliance_status=row.compliance_status or "warning",
        severity=row.severity or "medium",
        location_start=row.location_start,
        location_end=row.location_end,
        section_type=row.section_type,
        flagged_text=row.flagged_text,
        recommendation=row.recommendation,
        auto_fixable=bool(row.auto_fixable),
    )
    return StoredCheck(
        id=row.id,
        finding=finding,
        fix_applied=bool(row.fix_applied),
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
        created_at=row.created_at,
    )
