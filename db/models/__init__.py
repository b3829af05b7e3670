"""The ORM models. Only `db` itself imports them."""

from sqlalchemy.orm import configure_mappers

from db.models.analytics import ActivityLog, HealthCheck, PerformanceMetric, UsageEvent
from db.models.approvals import ApprovalStep, ApprovalWorkflow, DocumentApproval, DocumentVersion
from db.models.assistance import AiAnswer, AiSuggestion, AiUsageSession, ComplianceCheck
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
from db.models.editing import DocumentChange, DocumentComment, EditingLock, EditingSession, WebsocketConnection
from db.models.files import UploadedFile
from db.models.job_descriptions import AiUsageRecord, ContentChunk, JobDescription, JobMetadata, JobSection
from db.models.ledger import TaskAttempt, TaskKind, TaskRun
from db.models.people import User, UserPermission, UserPreference, UserSession
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
from db.models.translation import (
    GlossaryTerm,
    SentenceAlignment,
    TranslationMemoryEntry,
    TranslationPair,
    TranslationSession,
)

__all__ = [
    "Activity",
    "ActivityLink",
    "ActivityLog",
    "AiAnswer",
    "AiInsight",
    "AiSuggestion",
    "AiUsageRecord",
    "AiUsageSession",
    "ApiToken",
    "ApprovalStep",
    "ApprovalWorkflow",
    "AuthUser",
    "Base",
    "CalendarException",
    "CollaborationSession",
    "ComplianceCheck",
    "ContentChunk",
    "CostLine",
    "DocumentApproval",
    "DocumentChange",
    "DocumentComment",
    "DocumentVersion",
    "EditSession",
    "EditingLock",
    "EditingSession",
    "ExportJob",
    "FinancialTracking",
    "GlossaryTerm",
    "HealthCheck",
    "JobDescription",
    "JobMetadata",
    "JobSection",
    "Milestone",
    "MonteCarloResult",
    "MonteCarloRiskConfig",
    "MonteCarloScenario",
    "MonteCarloSimulation",
    "MonteCarloVisualization",
    "PerformanceMetric",
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
    "SentenceAlignment",
    "TaskAttempt",
    "TaskKind",
    "TaskRun",
    "TranslationMemoryEntry",
    "TranslationPair",
    "TranslationSession",
    "UploadedFile",
    "UsageEvent",
    "User",
    "UserPermission",
    "UserPreference",
    "UserSession",
    "WebsocketConnection",
]

# Here, and not at the first query: an interruption in the middle would leave a process that can use no model any more.
configure_mappers()
