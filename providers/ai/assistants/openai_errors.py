"""What went wrong at OpenAI, in our words: what another attempt may mend, and what a person must.

The service's own messages are not repeated: the one about a wrong key quotes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isnan

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from contracts.errors import Permanent, ProviderFailure

CURES = {
    400: "OpenAI does not take the request: does the model in DRAY_OPENAI_MODEL know structured outputs?",
    401: "OpenAI does not accept the key: set a valid OPENAI_API_KEY for the workers.",
    403: "OpenAI does not allow this: the project of OPENAI_API_KEY lacks the right to use the model, or the region.",
    404: "OpenAI does not know the model: set DRAY_OPENAI_MODEL to one that the project may use.",
}
NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
# Statuses that may pass by themselves though they are the caller's.
PASSING = frozenset({408, 409, 425, 429})
LONGEST_WAIT = 3600.0


def failure_of(error: APIError | ValueError) -> ProviderFailure | Permanent:
    """Say what the error means for the run."""
    if isinstance(error, APITimeoutError):
        return ProviderFailure("OpenAI did not answer in time.")
    if isinstance(error, APIConnectionError):
        return ProviderFailure("OpenAI could not be reached.")
    if not isinstance(error, APIStatusError):
        return ProviderFailure(f"OpenAI's answer could not be read ({type(error).__name__}).")
    status, asked = error.status_code, f" (request {error.request_id})" if error.request_id else ""
    if error.code in NO_CREDIT:
        return Permanent(f"The OpenAI account has no credit left ({error.code}): add some, or use local means.{asked}")
    if status >= 500 or status in PASSING:  # noqa: PLR2004 - server errors, as HTTP counts them
        wait = retry_after(error.response.headers)
        return ProviderFailure(f"OpenAI answered with {status}.{asked}", retry_after=wait)
    return Permanent(CURES.get(status, f"OpenAI does not take the request ({status}, {error.code}).") + asked)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the service asks to wait, up to an hour; None where it says nothing that can be read."""
    wait = asked_wait(headers)
    return min(max(wait, 0.0), LONGEST_WAIT) if wait is not None and not isnan(wait) else None


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """Read `retry-after-ms`, else `Retry-After` as seconds or as a date."""
    with suppress(KeyError, ValueError):
        return float(headers["retry-after-ms"]) / 1000
    given = headers.get("retry-after", "")
    with suppress(ValueError):
        return float(given)
    with suppress(ValueError, TypeError):
        return (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds()
    return None
