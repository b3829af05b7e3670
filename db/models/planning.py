"""What a project is planned by: risks, milestones, money, calendars, activities with their links, and cost lines.

Durations and lags are working days of the activity's calendar. A three-point estimate is optimistic, most likely and
pessimistic, in that order.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, SMALLINT
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NOW, Base, UuidKey
from db.models.pmr import AUTH_USER

PROJECT = "projects.id"
ESTIMATED_DISTRIBUTIONS = "ARRAY['triangular', 'pert', 'uniform', 'normal', 'lognormal', 'fixed']"

risk_category = Enum("technical", "financial", "resource", "schedule", "external", name="risk_category")
risk_status = Enum("identified", "analyzing", "mitigating", "closed", name="risk_status")
currency_code = Enum("USD", "EUR", "GBP", "JPY", "CAD", "AUD", name="currency_code")
activity_constraint = Enum(
    "as_soon_as_possible",
    "as_late_as_possible",
    "start_no_earlier_than",
    "start_no_later_than",
    "finish_no_earlier_than",
    "finish_no_later_than",
    "must_start_on",
    "must_finish_on",
    name="activity_constraint",
)
activity_link_type = Enum("FS", "SS", "FF", "SF", name="activity_link_type")
cost_line_type = Enum("fixed", "burn_rate", name="cost_line_type")


class Risk(Base):
    """What may go wrong with a project. Probability and impact lie between 0 and 1."""

    __tablename__ = "risks"
    __table_args__ = (
        CheckConstraint("probability >= 0 AND probability <= 1", name="probability"),
        CheckConstraint("impact >= 0 AND impact <= 1", name="impact"),
        Index("idx_risks_project", "project_id", text("risk_score DESC")),
        Index("idx_risks_owner", "owner_id", postgresql_where=text("owner_id IS NOT NULL")),
    )

    id: Mapped[UuidKey]
    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(PROJECT, ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(risk_category)
    probability: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    impact: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    risk_score: Mapped[Decimal | None] = mapped_column(Numeric(5, 4), Computed("probability * impact", persisted=True))
    status: Mapped[str] = mapped_column(risk_status, server_default="identified")
    mitigation: Mapped[str | None] = mapped_column(Text)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="SET NULL"))
    due_date: Mapped[date | None]
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class Milestone(Base):
    """A date that a project promised."""

    __tablename__ = "milestones"
    __table_args__ = (
        CheckConstraint("progress_percentage >= 0 AND progress_percentage <= 100", name="progress_percentage"),
        Index("idx_milestones_project", "project_id", "due_date"),
    )

    id: Mapped[UuidKey]
    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(PROJECT, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    due_date: Mapped[date]
    completion_date: Mapped[date | None]
    status: Mapped[str | None] = mapped_column(String(50), server_default="pending")
    progress_percentage: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class FinancialTracking(Base):
    """What was planned for a category of costs, and what was spent."""

    __tablename__ = "financial_tracking"
    __table_args__ = (
        CheckConstraint("exchange_rate > 0", name="exchange_rate"),
        Index("idx_financial_tracking_project", "project_id", text("date_incurred DESC")),
    )

    id: Mapped[UuidKey]
    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(PROJECT, ondelete="CASCADE"))
    category: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(Text)
    planned_amount: Mapped[Decimal] = mapped_column(Numeric(15, 2), server_default=text("0"))
    actual_amount: Mapped[Decimal | None] = mapped_column(Numeric(15, 2), server_default=text("0"))
    currency: Mapped[str | None] = mapped_column(currency_code, server_default="USD")
    exchange_rate: Mapped[Decimal | None] = mapped_column(Numeric(18, 8), server_default=text("1"))
    date_incurred: Mapped[date]
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class ProjectCalendar(Base):
    """The days of the week (ISO: Monday is 1) on which work is done."""

    __tablename__ = "project_calendars"
    __table_args__ = (
        UniqueConstraint("project_id", "name"),
        CheckConstraint(
            "cardinality(working_weekdays) > 0 AND working_weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[]",
            name="working_weekdays",
        ),
        CheckConstraint("hours_per_day > 0 AND hours_per_day <= 24", name="hours_per_day"),
        Index("idx_project_calendars_default", "project_id", unique=True, postgresql_where=text("is_default")),
    )

    id: Mapped[UuidKey]
    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(PROJECT, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    working_weekdays: Mapped[list[int]] = mapped_column(
        ARRAY(SMALLINT), server_default=text("'{1,2,3,4,5}'::smallint[]")
    )
    hours_per_day: Mapped[Decimal] = mapped_column(Numeric(4, 2), server_default=text("8"))
    is_default: Mapped[bool] = mapped_column(Boolean, server_default=false())
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


class CalendarException(Base):
    """Days that differ from the week's pattern: a holiday, or a Saturday that is worked."""

    __tablename__ = "calendar_exceptions"
    __table_args__ = (
        UniqueConstraint("calendar_id", "start_date"),
        CheckConstraint("end_date >= start_date", name="end_date"),
    )

    id: Mapped[UuidKey]
    calendar_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("project_calendars.id", ondelete="CASCADE"))
    start_date: Mapped[date]
    end_date: Mapped[date]
    is_working: Mapped[bool] = mapped_column(Boolean, server_default=false())
    name: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Activity(Base):
    """A piece of work with an uncertain duration."""

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("project_id", "code"),
        # What links and cost lines refer to, so that none can reach into another project.
        UniqueConstraint("id", "project_id"),
        CheckConstraint(
            "optimistic_duration >= 0 AND optimistic_duration <= most_likely_duration"
            " AND most_likely_duration <= pessimistic_duration",
            name="duration",
        ),
        CheckConstraint(f"distribution::text = ANY ({ESTIMATED_DISTRIBUTIONS})", name="distribution"),
        CheckConstraint(
            "(constraint_type = ANY (ARRAY['as_soon_as_possible'::activity_constraint,"
            " 'as_late_as_possible'::activity_constraint])) = (constraint_date IS NULL)",
            name="constraint",
        ),
        CheckConstraint("percent_complete >= 0 AND percent_complete <= 100", name="percent_complete"),
        CheckConstraint("remaining_duration >= 0", name="remaining_duration"),
        CheckConstraint("actual_finish >= actual_start", name="actual_finish"),
        Index("idx_activities_calendar", "calendar_id", postgresql_where=text("calendar_id IS NOT NULL")),
        Index("idx_activities_milestone", "milestone_id", postgresql_where=text("milestone_id IS NOT NULL")),
    )

    id: Mapped[UuidKey]
    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(PROJECT, ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    optimistic_duration: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    most_likely_duration: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    pessimistic_duration: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    distribution: Mapped[str] = mapped_column(String(20), server_default="triangular")
    calendar_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("project_calendars.id", ondelete="SET NULL"))
    milestone_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("milestones.id", ondelete="SET NULL"))
    constraint_type: Mapped[str] = mapped_column(activity_constraint, server_default="as_soon_as_possible")
    constraint_date: Mapped[date | None]
    planned_start: Mapped[date | None]
    planned_finish: Mapped[date | None]
    actual_start: Mapped[date | None]
    actual_finish: Mapped[date | None]
    percent_complete: Mapped[Decimal] = mapped_column(Numeric(5, 2), server_default=text("0"))
    remaining_duration: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    data_date: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ActivityLink(Base):
    """What must start or finish before what. A negative lag is a lead."""

    __tablename__ = "activity_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["predecessor_id", "project_id"], ["activities.id", "activities.project_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["successor_id", "project_id"], ["activities.id", "activities.project_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("predecessor_id", "successor_id", "link_type"),
        CheckConstraint("predecessor_id <> successor_id", name="no_self_link"),
        Index("idx_activity_links_project", "project_id"),
        Index("idx_activity_links_successor", "successor_id"),
    )

    id: Mapped[UuidKey]
    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(PROJECT, ondelete="CASCADE"))
    predecessor_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    successor_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    link_type: Mapped[str] = mapped_column(activity_link_type, server_default="FS")
    lag: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


class CostLine(Base):
    """A cost with a three-point estimate: a sum, or for a burn rate the amount of each working day of its activity."""

    __tablename__ = "cost_lines"
    __table_args__ = (
        # Not cascading: an activity whose money is planned isn't deleted by the way.
        ForeignKeyConstraint(["activity_id", "project_id"], ["activities.id", "activities.project_id"]),
        UniqueConstraint("project_id", "code"),
        CheckConstraint(
            "optimistic_amount <= most_likely_amount AND most_likely_amount <= pessimistic_amount", name="amount"
        ),
        CheckConstraint(f"distribution::text = ANY ({ESTIMATED_DISTRIBUTIONS})", name="distribution"),
        CheckConstraint("cost_type = 'fixed'::cost_line_type OR activity_id IS NOT NULL", name="burn_rate"),
        CheckConstraint("escalation_rate > '-1'::integer::numeric", name="escalation_rate"),
        Index("idx_cost_lines_activity", "activity_id", postgresql_where=text("activity_id IS NOT NULL")),
    )

    id: Mapped[UuidKey]
    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(PROJECT, ondelete="CASCADE"))
    activity_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    code: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(255))
    category: Mapped[str | None] = mapped_column(String(100))
    cost_type: Mapped[str] = mapped_column(cost_line_type, server_default="fixed")
    optimistic_amount: Mapped[Decimal] = mapped_column(Numeric(15, 2))
    most_likely_amount: Mapped[Decimal] = mapped_column(Numeric(15, 2))
    pessimistic_amount: Mapped[Decimal] = mapped_column(Numeric(15, 2))
    distribution: Mapped[str] = mapped_column(String(20), server_default="triangular")
    actual_amount: Mapped[Decimal] = mapped_column(Numeric(15, 2), server_default=text("0"))
    currency: Mapped[str] = mapped_column(String(3), server_default="CAD")
    # A year's rise of prices: 0.02 is two per cent, counted from escalation_base_date.
    escalation_rate: Mapped[Decimal] = mapped_column(Numeric(7, 6), server_default=text("0"))
    escalation_base_date: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
