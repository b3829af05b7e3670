"""Projects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from api.schemas.base import Answer
from db.repositories.projects import ProjectSummary


class ProjectAnswer(Answer):
    """One line of the list of projects."""

    id: UUID
    name: str
    status: str
    health: str
    budget: Decimal | None
    currency: str = Field(examples=["CAD"])
    start_date: date | None
    end_date: date | None
    has_plan: bool = Field(description="Has it activities and cost lines, without which it cannot be simulated?")

    @classmethod
    def of(cls, project: ProjectSummary) -> Self:
        """Show a project."""
        return cls.model_validate(project)


class ProjectList(BaseModel):
    """The projects that you may see, by name."""

    items: list[ProjectAnswer]
