"""Hand work to Dray from your own transaction."""

from dray.enqueueing import EnqueuedRun, Refused, enqueue

__all__ = ["EnqueuedRun", "Refused", "enqueue"]
