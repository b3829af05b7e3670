"""`report.export`: a monthly report becomes a file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict
from hashlib import sha256

from contracts.args.reports import ExportReport
from contracts.outcome import Outcome, Result
from db.repositories.exports import ExportFile, record_file
from db.repositories.values import Report
from exporters.registry import exporter_for
from tasks.context import TaskContext
from tasks.registry import task
from tasks.report_document import build_report_document
from tasks.stored_report import require_report


@task(ExportReport)
def export_report(args: ExportReport, context: TaskContext) -> Outcome:
    """Render the report and store the file under the run's id."""
    report = require_report(context.session, args.report_id)
    document = build_report_document(report, options=args.options)
    exporter = exporter_for(args.format)

    context.progress(0.2, f"Laying out {len(document.sections)} sections")
    content = context.renderer.render(args.format, document)

    context.progress(0.9, "Storing the file")
    # Named by its content as well: an attempt that lost its lease can't replace the file of the one that has it.
    digest = sha256(content).hexdigest()
    stored = context.store.put(f"exports/{context.run_id}/{digest[:16]}{exporter.extension}", content)
    file = ExportFile(
        key=stored.key,
        size=stored.size,
        name=file_name(report, exporter.extension),
        media_type=exporter.media_type,
        sha256=stored.sha256,
    )
    record_file(context.session, context.run_id, file)
    return Result({"file": asdict(file)})


def file_name(report: Report, extension: str) -> str:
    """Name the file for the person who downloads it, in letters that every system can keep."""
    plain = unicodedata.normalize("NFKD", report.project.name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-")
    return f"{slug or 'report'}-{report.report_month:%Y-%m}-v{report.version}{extension}"
