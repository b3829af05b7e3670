"""The ORM models. Only `db` itself imports them."""

from db.models.analytics import ActivityLog, HealthCheck, PerformanceMetric, UsageEvent
from db.models.approvals import ApprovalStep, ApprovalWorkflow, DocumentApproval, DocumentVersion
from db.models.assistance import AiSuggestion, AiUsageSession, ComplianceCheck
from db.models.auth import ApiToken, AuthUser
from db.models.base import Base
from db.models.editing import DocumentChange, DocumentComment, EditingLock, EditingSession, WebsocketConnection
from db.models.job_descriptions import AiUsageRecord, ContentChunk, JobDescription, JobMetadata, JobSection
from db.models.ledger import TaskAttempt, TaskKind, TaskRun
from db.models.people import User, UserPermission, UserPreference, UserSession
from db.models.pmr import AiInsight, ExportJob, PmrReport, PmrTemplate, Project, ProjectMember
from db.models.translation import (
    GlossaryTerm,
    SentenceAlignment,
    TranslationMemoryEntry,
    TranslationPair,
    TranslationSession,
)

__all__ = [
    "ActivityLog",
    "AiInsight",
    "AiSuggestion",
    "AiUsageRecord",
    "AiUsageSession",
    "ApiToken",
    "ApprovalStep",
    "ApprovalWorkflow",
    "AuthUser",
    "Base",
    "ComplianceCheck",
    "ContentChunk",
    "DocumentApproval",
    "DocumentChange",
    "DocumentComment",
    "DocumentVersion",
    "EditingLock",
    "EditingSession",
    "ExportJob",
    "GlossaryTerm",
    "HealthCheck",
    "JobDescription",
    "JobMetadata",
    "JobSection",
    "PerformanceMetric",
    "PmrReport",
    "PmrTemplate",
    "Project",
    "ProjectMember",
    "SentenceAlignment",
    "TaskAttempt",
    "TaskKind",
    "TaskRun",
    "TranslationMemoryEntry",
    "TranslationPair",
    "TranslationSession",
    "UsageEvent",
    "User",
    "UserPermission",
    "UserPreference",
    "UserSession",
    "WebsocketConnection",
]
