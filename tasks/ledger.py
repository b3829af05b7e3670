"""`ledger.prune`: the ledger forgets runs that ended long ago."""

from __future__ import annotations

from datetime import timedelta

from contracts.args.maintenance import PruneLedger
from contracts.outcome import Outcome, Result, Snooze
from db import ledger
from tasks.context import TaskContext
from tasks.registry import task

BATCHES_A_RUN = 20


@task(PruneLedger)
def prune_ledger(args: PruneLedger, context: TaskContext) -> Outcome:
    """Delete at most a few batches, then come back for the rest: no transaction stays open for long."""
    deleted = 0
    for number in range(BATCHES_A_RUN):
        batch = ledger.prune(
            context.session,
            completed_after_days=args.completed_after_days,
            discarded_after_days=args.discarded_after_days,
            batch=args.batch_size,
        )
        deleted += batch
        if batch < args.batch_size:
            return Result({"deleted": deleted})
        context.progress((number + 1) / BATCHES_A_RUN, f"{deleted} runs deleted")
    return Snooze(timedelta(0), reason=f"{deleted} runs deleted, more to go")
