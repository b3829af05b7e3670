"""`session.clean`, `report.maintain`, `export.expire`, `health.probe`: the system keeps itself in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from uuid import UUID

from contracts.args.maintenance import CleanSessions, ExpireExports, MaintainReports, ProbeHealth
from contracts.outcome import Outcome, Result, Snooze
from db.repositories.exports import named_files
from db.repositories.health import prune_health, record_health
from db.repositories.upkeep import (
    ExpiredFile,
    clean_sessions,
    clear_files,
    fail_stuck_exports,
    forget_uploads,
    list_expired_uploads,
    maintain_reports,
    take_expired_exports,
)
from providers.storage.store import BadKey, Store
from tasks.context import TaskContext
from tasks.health_probes import PROBES, run_probe
from tasks.registry import task

KEEP_HEALTH_DAYS = 30
HEALTH_BATCH = 1_000
# Where `report.export` stores its files.
EXPORTS = "exports"
SWEPT_AT_ONCE = 500


@task(CleanSessions)
def end_expired_sessions(args: CleanSessions, context: TaskContext) -> Outcome:  # noqa: ARG001 - it has none
    """End sessions, connections and locks that have expired, and count them by table."""
    cleaned = clean_sessions(context.session)
    return Result({"rows": cleaned.rows, "milliseconds": cleaned.milliseconds})


@task(MaintainReports)
def keep_reports(args: MaintainReports, context: TaskContext) -> Outcome:  # noqa: ARG001 - it has none
    """Do the schema's own maintenance of reports."""
    return Result({"tasks": [asdict(done) for done in maintain_reports(context.session)]})


@task(ExpireExports)
def expire_exports(args: ExpireExports, context: TaskContext) -> Outcome:
    """Delete the files of old exports and of expired uploads, one batch of each, and fail stuck exports.

    The file goes first and its row after it. Killed in between, the row is found again by the next attempt, and until
    then a download is answered with 410 Gone. The other way round, the file would stay for ever: nothing names it.
    """
    exports = take_expired_exports(context.session, keep_days=args.keep_days, batch=args.batch_size)
    uploads = list_expired_uploads(context.session, batch=args.batch_size)
    context.progress(0.1, f"Deleting {len(exports)} exported and {len(uploads)} uploaded files")
    files = delete_files(context.store, (*exports, *uploads))
    clear_files(context.session, [export.id for export in exports])
    forget_uploads(context.session, [upload.id for upload in uploads])
    failed = fail_stuck_exports(context.session, older_than=timedelta(hours=args.stuck_after_hours))
    orphans = sweep(context, untouched_for=timedelta(hours=args.orphans_after_hours))
    counts = {
        "exports_expired": len(exports),
        "uploads_expired": len(uploads),
        "files_deleted": files,
        "exports_failed": failed,
        "orphans_deleted": orphans,
    }
    if args.batch_size in (len(exports), len(uploads)):
        return Snooze(timedelta(0), reason=f"{files} files deleted, more to go")
    return Result(counts)


def delete_files(store: Store, expired: Iterable[ExpiredFile]) -> int:
    """Delete the files; return how many there were. A key that leads out of the store names no file of ours."""
    deleted = 0
    for file in expired:
        try:
            deleted += store.delete(file.key)
        except BadKey:
            continue
    return deleted


def sweep(context: TaskContext, *, untouched_for: timedelta) -> int:
    """Delete the files of exports that no export names; return how many there were.

    An attempt leaves one behind that was killed while it wrote, or that stored its file and then lost its run.
    """
    deleted = 0
    keys = context.store.untouched(EXPORTS, for_at_least=untouched_for)
    while batch := list(islice(keys, SWEPT_AT_ONCE)):
        exports = {key: export_of(key) for key in batch}
        named = named_files(context.session, {export for export in exports.values() if export})
        orphans = [key for key, export in exports.items() if export and key not in named]
        deleted += sum(context.store.delete(key) for key in orphans)
    return deleted


def export_of(key: str) -> UUID | None:
    """Return the export under whose id a file lies; None for a file that no export ever stored."""
    try:
        return UUID(key.split("/")[1])
    except (IndexError, ValueError):
        return None


@task(ProbeHealth)
def probe_health(args: ProbeHealth, context: TaskContext) -> Outcome:  # noqa: ARG001 - it has none
    """Note how each component is. A component that fails makes a row and never a failed run."""
    statuses: dict[str, str] = {}
    for component, probe in PROBES.items():
        vital = run_probe(probe, context)
        record_health(context.session, component, status=vital.status, metrics=vital.metrics, error=vital.error)
        statuses[component] = vital.status
    pruned = prune_health(context.session, keep_days=KEEP_HEALTH_DAYS, batch=HEALTH_BATCH)
    return Result({"components": statuses, "rows_pruned": pruned})
