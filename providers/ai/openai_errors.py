"""What went wrong at OpenAI, in our words: what another attempt may mend, and what a person must.

The service's own messages are not repeated: the one about a wrong key quotes it. For the same reason the library's
exceptions must not be chained to ours: raise what `failure_of` returns after the `except` block and not within it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isnan

from openai import APIConnectionError, APIStatusError, APITimeoutError

from contracts.errors import Permanent, ProviderFailure

# `{model}` is the setting that names the model.
CURES = {
    400: "OpenAI does not take the request: does the model in {model} suit this use?",
    401: "OpenAI does not accept the key: set a valid OPENAI_API_KEY for the workers, or none to use local means.",
    403: "OpenAI does not allow this: the project of OPENAI_API_KEY lacks the right to use the model in {model}, or the"
    " region.",
    404: "OpenAI does not know the model or the address: set {model} to one that the project may use, and see"
    " OPENAI_BASE_URL.",
    422: "OpenAI does not take the request (422): does the model in {model} suit this use?",
}
NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
# Statuses that may pass by themselves though they are the caller's.
PASSING = frozenset({408, 409, 425, 429})
LONGEST_WAIT = 3600.0


# What the service's codes and request ids look like. Anything else is not repeated either.
NAME = re.compile(r"[A-Za-z][A-Za-z_]{0,59}")
REQUEST_ID = re.compile(r"req_[0-9A-Za-z]{1,64}")


def failure_of(error: Exception, *, model_setting: str) -> ProviderFailure | Permanent:
    """Say what the error means for the run. `model_setting` is the variable that names the model."""
    if isinstance(error, APITimeoutError):
        return ProviderFailure("OpenAI did not answer in time.")
    if isinstance(error, APIConnectionError):
        return ProviderFailure("OpenAI could not be reached.")
    if not isinstance(error, APIStatusError):
        return ProviderFailure(f"OpenAI's answer could not be read ({type(error).__name__}).")
    return failure_of_status(error, model_setting)


def failure_of_status(error: APIStatusError, model_setting: str) -> ProviderFailure | Permanent:
    """Say what an answer means that is no success."""
    status, code = error.status_code, plain(error.code, NAME)
    request = plain(error.request_id, REQUEST_ID)
    asked = f" (request {request})" if request else ""
    if code in NO_CREDIT:
        return Permanent(f"The OpenAI account has no credit left ({code}): add some, or use local means.{asked}")
    if status >= 500 or status in PASSING:  # noqa: PLR2004 - server errors, as HTTP counts them
        wait = retry_after(error.response.headers)
        return ProviderFailure(f"OpenAI answered with {status}.{asked}", retry_after=wait)
    cure = CURES.get(status, f"OpenAI does not take the request ({status}, {code or 'no code'}).")
    return Permanent(cure.format(model=model_setting) + asked)


def plain(value: object, form: re.Pattern[str]) -> str | None:
    """Return a value of the service's that has the form it should have."""
    return value if isinstance(value, str) and form.fullmatch(value) else None


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
