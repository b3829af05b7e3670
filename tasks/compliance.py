"""`compliance.check`: a job description is held against the rules."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from contracts.args.base import Language
from contracts.args.descriptions import CheckCompliance
from contracts.errors import Permanent
from contracts.outcome import Outcome, Result
from db.repositories.compliance import CheckRow, lock_checks, replace_checks
from db.repositories.descriptions import Description, find_description
from db.session import Session
from engines.compliance.checking import check
from engines.compliance.findings import Finding, Status
from engines.compliance.rules import RULES
from tasks.context import TaskContext
from tasks.description_text import require_length
from tasks.registry import task

MORE = "The same is found {count:,} more times further on, which are not listed: mend these and check again."


class DescriptionMissing(Permanent):
    """The job description does not exist any more."""


class DescriptionUnfit(Permanent):
    """The job description cannot be checked as it is."""


@task(CheckCompliance)
def check_compliance(args: CheckCompliance, context: TaskContext) -> Outcome:
    """Check the text as it is now, and make the stored rows say so."""
    lock_checks(context.session, args.job_id)
    description = require_text(context.session, args.job_id)
    context.progress(0.1, f"Checking {len(description.text):,} characters")
    checked = check(description.text, str(description.language), check_types=args.check_types)

    context.progress(0.7, f"Storing {len(checked.findings)} results")
    rules = {rule.id for rule in RULES if not args.check_types or rule.check_type in args.check_types}
    changed = replace_checks(context.session, args.job_id, [to_row(one) for one in checked.findings], rules=rules)

    counts = Counter(finding.status for finding in checked.findings)
    return Result(
        {
            "job_id": args.job_id,
            "sections": len(checked.sections),
            "violations": counts[Status.VIOLATION],
            "warnings": counts[Status.WARNING],
            "rules_kept": counts[Status.COMPLIANT],
            "rows_changed": changed,
            # Findings beyond what is kept of one rule: mend those that are, and check again.
            "left_out": sum(finding.more for finding in checked.findings),
        }
    )


def require_text(session: Session, job_id: int) -> Description:
    """Load the description.

    Raises:
        DescriptionMissing: it is gone.
        DescriptionUnfit: it has no text, or no language that there are rules for.
        DescriptionTooLong: it is longer than what is read.
    """
    description = find_description(session, job_id)
    if description is None:
        raise DescriptionMissing(f"Job description {job_id} does not exist any more.")
    if description.language not in get_args(Language):
        raise DescriptionUnfit(
            f"Job description {job_id} has the language {description.language!r}; there are rules for"
            f" {' and '.join(get_args(Language))}. Set job_descriptions.language and ask again."
        )
    if not description.text.strip():
        raise DescriptionUnfit(
            f"Job description {job_id} has no text. Fill job_descriptions.raw_content and ask again."
        )
    require_length(job_id, description.text)
    return description


def to_row(finding: Finding) -> CheckRow:
    """Say a finding in the columns of `compliance_checks`. What to write there becomes part of the recommendation."""
    recommendation = finding.recommendation
    if finding.replacement is not None:
        better = f"Write “{finding.replacement}”." if finding.replacement.strip() else ""
        recommendation = f"{recommendation} {better}".strip()
    if finding.more:
        recommendation = f"{recommendation or ''} {MORE.format(count=finding.more)}".strip()
    return CheckRow(
        check_type=str(finding.check_type),
        rule_name=finding.rule,
        rule_description=finding.description,
        compliance_status=str(finding.status),
        severity=str(finding.severity),
        location_start=finding.start,
        location_end=finding.end,
        section_type=finding.section,
        flagged_text=finding.flagged,
        recommendation=recommendation,
        auto_fixable=finding.replacement is not None,
    )
