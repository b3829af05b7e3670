"""Projects that the asker may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Activity, CostLine, Project


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """One line of a list of projects."""

    id: UUID
    name: str
    status: str
    health: str
    budget: Decimal | None
    currency: str
    start_date: date | None
    end_date: date | None
    # Has it activities and cost lines, without which nothing can be simulated?
    has_plan: bool


def list_projects(session: Session, *, limit: int) -> list[ProjectSummary]:
    """Return the projects that this transaction may see and that are not archived, by name."""
    scheduled = select(Activity.id).where(Activity.project_id == Project.id).exists()
    estimated = select(CostLine.id).where(CostLine.project_id == Project.id).exists()
    own = [getattr(Project, name) for name in ProjectSummary.__slots__ if name != "has_plan"]
    rows = session.execute(
        select(*own, (scheduled & estimated).label("has_plan"))
        .where(Project.archived.is_(False))
        .order_by(Project.name, Project.id)
        .limit(limit)
    )
    return [ProjectSummary(**row) for row in rows.mappings()]
