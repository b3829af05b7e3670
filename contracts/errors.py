"""Errors that have a meaning across folders. The docstring of a class is its default message."""

from __future__ import annotations


class DrayError(Exception):
    """Something went wrong in Dray."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or type(self).__name__).strip())


class Permanent(DrayError):
    """No retry can mend this: the run is discarded at once."""


class BadArgs(Permanent):
    """The args do not fit the kind's model."""


class UnknownKind(Permanent):
    """No such kind of work is known here."""


class NewerArgs(DrayError):
    """The args are of a newer version than this process knows; another, or a later one, will read them."""


class ProviderFailure(DrayError):
    """An outside service failed; the run is tried again.

    `retry_after` is the wait in seconds that the service asked for, if it did. It wins over the kind's own backoff.
    """

    def __init__(self, message: str | None = None, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LeaseLost(DrayError):
    """This worker no longer holds the run: another attempt owns it, so nothing may be written."""


class RunExpired(DrayError):
    """The run took longer than its kind's soft time limit."""


class Refused(DrayError):
    """The ledger does not take this request; the message says what to mend."""


class NotAllowed(Refused):
    """The asker may not ask for this."""


class NotThere(Refused):
    """What the request speaks of does not exist, or is not for the asker to see."""
