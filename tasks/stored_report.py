"""The report that a task is about."""

from __future__ import annotations

from uuid import UUID

from contracts.errors import Permanent
from db.repositories.reports import find_report
from db.repositories.values import Report
from db.session import Session


class ReportMissing(Permanent):
    """The report does not exist any more."""


def require_report(session: Session, report_id: UUID) -> Report:
    """Load the report.

    Raises:
        ReportMissing: it is gone.
    """
    if report := find_report(session, report_id):
        return report
    raise ReportMissing(f"Report {report_id} does not exist any more; ask with the id of one that does.")
