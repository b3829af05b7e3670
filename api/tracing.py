"""Trace context: what a run remembers of the request that asked for it (W3C Trace Context)."""

from __future__ import annotations

TRACEPARENT = r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"


def trace_context(traceparent: str | None) -> dict[str, str] | None:
    """Return the trace context to keep with a run, if the asker sent one."""
    return {"traceparent": traceparent} if traceparent else None
