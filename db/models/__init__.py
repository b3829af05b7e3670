"""The ORM models. Only `db` itself imports them."""

from db.models.auth import ApiToken, AuthUser
from db.models.base import Base
from db.models.job_descriptions import JobDescription, JobMetadata
from db.models.ledger import TaskAttempt, TaskKind, TaskRun
from db.models.pmr import AiInsight, ExportJob, PmrReport, PmrTemplate, Project, ProjectMember

__all__ = [
    "AiInsight",
    "ApiToken",
    "AuthUser",
    "Base",
    "ExportJob",
    "JobDescription",
    "JobMetadata",
    "PmrReport",
    "PmrTemplate",
    "Project",
    "ProjectMember",
    "TaskAttempt",
    "TaskKind",
    "TaskRun",
]
