"""What the server's log of requests may say: paths, and nothing of what was asked for in a query."""

from __future__ import annotations

import logging

PATH = 2  # among the args of a record of uvicorn's: client, method, path with query, version, status


def without_query(record: logging.LogRecord) -> bool:
    """Cut a request's query off: texts and names of files stand in it. A filter that lets every record pass."""
    if isinstance(record.args, tuple) and len(record.args) > PATH:
        before, path, after = record.args[:PATH], record.args[PATH], record.args[PATH + 1 :]
        record.args = (*before, str(path).partition("?")[0], *after)
    return True
