"""OpenAI's embeddings. A retry is the ledger's affair: each call is made once."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NoReturn

import numpy as np
import openai
from numpy.typing import NDArray

from contracts.errors import Permanent, ProviderFailure
from providers.ai.embedder import DIMENSIONS, Embeddings
from providers.ai.prices import cost_of
from providers.ai.usage import Usage

MOST_INPUTS = 2_048
# The service's limit is 300,000; its tokenizer is not asked, so each text is counted for more than it can be.
MOST_TOKENS = 250_000
LONGEST_INPUT = 8_192
BYTES_A_TOKEN = 2
SECONDS = 60.0
LONGEST_MESSAGE = 300

CURES = {
    400: "The request does not suit the model: see DRAY_OPENAI_EMBEDDING_MODEL.",
    401: "The key is not accepted: set a valid OPENAI_API_KEY, or none to use local means.",
    403: "The key may not use this model: give its project the right, or choose another DRAY_OPENAI_EMBEDDING_MODEL.",
    404: "There is no such model or address: see DRAY_OPENAI_EMBEDDING_MODEL and OPENAI_BASE_URL.",
    422: "The request does not suit the model: see DRAY_OPENAI_EMBEDDING_MODEL.",
}


class ProviderRefused(Permanent):
    """The service refuses, and would again."""


class OpenAIEmbedder:
    """Embeds by OpenAI's API, or one that speaks like it. The vectors have 1536 dimensions whatever the model."""

    provider = "openai"

    def __init__(self, *, api_key: str, model: str, base_url: str | None = None, seconds: float = SECONDS) -> None:
        self.model = model
        self._client = openai.OpenAI(api_key=api_key, base_url=base_url, timeout=seconds, max_retries=0)

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Embed `texts` in as few calls as the limits allow. A text longer than the model reads is cut at its end."""
        answers = [self._call(batch) for batch in batches([fitting(text) for text in texts])]
        if not answers:
            return Embeddings(np.zeros((0, DIMENSIONS), np.float32))
        vectors = np.concatenate([vectors for vectors, _ in answers])
        return Embeddings(vectors, total([usage for _, usage in answers]))

    def _call(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], Usage]:
        began = time.monotonic()
        try:
            answer = self._client.embeddings.create(model=self.model, input=list(texts), dimensions=DIMENSIONS)
        except openai.APIError as error:
            raise_as_ours(error)
        tokens = answer.usage.prompt_tokens
        usage = Usage(
            input_tokens=tokens,
            cost_usd=cost_of(self.model, tokens),
            request_id=answer._request_id,  # noqa: SLF001 - the client's own documented name
            milliseconds=round((time.monotonic() - began) * 1000),
        )
        return read_vectors(answer, len(texts)), usage


def read_vectors(answer: openai.types.CreateEmbeddingResponse, expected: int) -> NDArray[np.float32]:
    """Return the vectors in the order of the texts, whatever order they came in.

    Raises:
        ProviderFailure: the answer is not one vector of the right width for each text.
    """
    rows = sorted(answer.data, key=lambda row: row.index)
    vectors = np.array([row.embedding for row in rows], np.float32)
    if [row.index for row in rows] != list(range(expected)) or vectors.shape != (expected, DIMENSIONS):
        raise ProviderFailure(f"OpenAI answered {len(rows)} vectors where {expected} of {DIMENSIONS} were asked for.")
    if not np.isfinite(vectors).all():
        raise ProviderFailure("OpenAI answered vectors that hold no numbers.")
    return vectors


def estimate_tokens(text: str) -> int:
    """Return at least as many model tokens as a text of either language has."""
    return math.ceil(len(text.encode()) / BYTES_A_TOKEN)


def fitting(text: str) -> str:
    """Cut a text that the model would not read to its end."""
    return text.encode()[: LONGEST_INPUT * BYTES_A_TOKEN].decode(errors="ignore")


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Part the texts so that each call stays within the service's limits."""
    batch: list[str] = []
    tokens = 0
    for text in texts:
        more = estimate_tokens(text)
        if batch and (len(batch) == MOST_INPUTS or tokens + more > MOST_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(text)
        tokens += more
    if batch:
        yield batch


def total(usages: Sequence[Usage]) -> Usage:
    """Add up what several calls used; the cost is unknown when that of one is."""
    costs = [usage.cost_usd for usage in usages]
    known = [cost for cost in costs if cost is not None]
    return Usage(
        input_tokens=sum(usage.input_tokens for usage in usages),
        cost_usd=sum(known, Decimal(0)) if len(known) == len(costs) else None,
        request_id=usages[-1].request_id,
        milliseconds=sum(usage.milliseconds for usage in usages),
    )


def raise_as_ours(error: openai.APIError) -> NoReturn:
    """Tell what passes from what a retry can't mend.

    Raises:
        ProviderFailure: the service is busy, broken or out of reach.
        ProviderRefused: it will not do this; the message names the cure.
    """
    said = str(error.message)[:LONGEST_MESSAGE]
    if isinstance(error, openai.APITimeoutError):
        raise ProviderFailure("OpenAI did not answer in time.") from error
    if not isinstance(error, openai.APIStatusError):
        raise ProviderFailure(f"OpenAI could not be asked: {said}") from error
    if error.code == "insufficient_quota":
        raise ProviderRefused(f"OpenAI's account has no credit left: add some, or use local means. {said}") from error
    if cure := CURES.get(error.status_code):
        raise ProviderRefused(f"OpenAI refused with {error.status_code}: {said} {cure}") from error
    wait = read_wait(error.response.headers.get("retry-after"))
    raise ProviderFailure(f"OpenAI answered with {error.status_code}: {said}", retry_after=wait) from error


def read_wait(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header; None when there is none, or it is a date."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
