"""The ORM models. Only `db` itself imports them."""

from db.models.auth import ApiToken, AuthUser
from db.models.base import Base
from db.models.collaboration import (
    CollaborationSession,
    EditSession,
    PmrChangeEvent,
    PmrCollaboration,
    PmrComment,
    PmrDistribution,
)
from db.models.job_descriptions import JobDescription, JobMetadata
from db.models.ledger import TaskAttempt, TaskKind, TaskRun
from db.models.planning import (
    Activity,
    ActivityLink,
    CalendarException,
    CostLine,
    FinancialTracking,
    Milestone,
    ProjectCalendar,
    Risk,
)
from db.models.pmr import AiInsight, ExportJob, PmrReport, PmrTemplate, Project, ProjectMember
from db.models.simulation import (
    MonteCarloResult,
    MonteCarloRiskConfig,
    MonteCarloScenario,
    MonteCarloSimulation,
    MonteCarloVisualization,
)

__all__ = [
    "Activity",
    "ActivityLink",
    "AiInsight",
    "ApiToken",
    "AuthUser",
    "Base",
    "CalendarException",
    "CollaborationSession",
    "CostLine",
    "EditSession",
    "ExportJob",
    "FinancialTracking",
    "JobDescription",
    "JobMetadata",
    "Milestone",
    "MonteCarloResult",
    "MonteCarloRiskConfig",
    "MonteCarloScenario",
    "MonteCarloSimulation",
    "MonteCarloVisualization",
    "PmrChangeEvent",
    "PmrCollaboration",
    "PmrComment",
    "PmrDistribution",
    "PmrReport",
    "PmrTemplate",
    "Project",
    "ProjectCalendar",
    "ProjectMember",
    "Risk",
    "TaskAttempt",
    "TaskKind",
    "TaskRun",
]
