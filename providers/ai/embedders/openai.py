"""OpenAI's embeddings. A retry is the ledger's affair: each call is made once."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

import numpy as np
import openai
from numpy.typing import NDArray

from contracts.errors import ProviderFailure
from providers.ai.embedder import DIMENSIONS, Embeddings, OnPaid, ignore_usage
from providers.ai.openai_errors import failure_of
from providers.ai.prices import cost_of
from providers.ai.usage import Usage

MOST_INPUTS = 2_048
# The service's limit is 300,000; its tokenizer is not asked, so each text is counted for more than it can be.
MOST_TOKENS = 250_000
LONGEST_INPUT = 8_192
BYTES_A_TOKEN = 2
SECONDS = 60.0
MODEL_SETTING = "DRAY_OPENAI_EMBEDDING_MODEL"


class OpenAIEmbedder:
    """Embeds by OpenAI's API, or one that speaks like it. The vectors have 1536 dimensions whatever the model."""

    provider = "openai"

    def __init__(self, *, api_key: str, model: str, base_url: str | None = None, seconds: float = SECONDS) -> None:
        self.model = model
        self._client = openai.OpenAI(api_key=api_key, base_url=base_url, timeout=seconds, max_retries=0)

    def embed(self, texts: Sequence[str], *, on_paid: OnPaid = ignore_usage) -> Embeddings:
        """Embed `texts` in as few calls as the limits allow. A text longer than the model reads is cut at its end.

        `on_paid` hears of each call as soon as it is answered: also when its answer is of no use, or a later one fails.
        """
        answers = [self._call(batch, on_paid) for batch in batches([fitting(text) for text in texts])]
        return Embeddings(np.concatenate(answers) if answers else np.zeros((0, DIMENSIONS), np.float32))

    def _call(self, texts: Sequence[str], on_paid: OnPaid) -> NDArray[np.float32]:
        began = time.monotonic()
        answer = self._ask(texts)
        # Servers that only look like OpenAI's leave this out.
        tokens = getattr(answer.usage, "prompt_tokens", None) or 0
        usage = Usage(
            input_tokens=tokens,
            cost_usd=cost_of(self.model, tokens),
            request_id=answer._request_id,  # noqa: SLF001 - the client's own documented name
            milliseconds=round((time.monotonic() - began) * 1000),
        )
        on_paid(usage, len(texts))
        return read_vectors(answer, len(texts))

    def _ask(self, texts: Sequence[str]) -> openai.types.CreateEmbeddingResponse:
        """Call the service.

        Raises:
            ProviderFailure: it is busy, broken or out of reach.
            Permanent: it will not do this; the message names the cure.
        """
        try:
            return self._client.embeddings.create(model=self.model, input=list(texts), dimensions=DIMENSIONS)
        except (openai.APIError, ValueError, AttributeError, TypeError) as error:
            # All but the first: a success whose body is something else, which the library takes apart unseen.
            failure = failure_of(error, model_setting=MODEL_SETTING)
        # Outside the handler: the library's error, which may quote the key, is not part of what is reported.
        raise failure


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
