"""An embedder that keeps account of what it paid."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from db.repositories.embeddings import PaidCall, record_paid_call
from providers.ai.embedder import Embeddings
from tasks.context import TaskContext


class CountedEmbedder:
    """The context's embedder. A paid call is on record before its vectors are used, whatever becomes of the attempt."""

    def __init__(self, context: TaskContext) -> None:
        self._context = context
        self._calls = 0

    @property
    def provider(self) -> str:
        """Who does it."""
        return self._context.embedder.provider

    @property
    def model(self) -> str:
        """The model's name."""
        return self._context.embedder.model

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Embed `texts`, each different one once, and note what it cost."""
        different = list(dict.fromkeys(texts))
        made = self._context.embedder.embed(different)
        if made.usage:
            self._record(made, len(different))
        place = {text: number for number, text in enumerate(different)}
        return Embeddings(made.vectors[[place[text] for text in texts]], made.usage)

    def _record(self, made: Embeddings, texts: int) -> None:
        usage, context = made.usage, self._context
        if usage is None:
            return
        self._calls += 1
        # Every call is paid for, also the same one of a later attempt: so the key names the call and not the question.
        key = sha256(f"{context.run_id}:{context.attempt}:{self._calls}".encode()).hexdigest()
        call = PaidCall(
            key=key,
            provider=self.provider,
            model=self.model,
            input_tokens=usage.input_tokens,
            cost_usd=usage.cost_usd,
            request_id=usage.request_id,
            metadata={
                "run_id": str(context.run_id),
                "attempt": context.attempt,
                "texts": texts,
                "milliseconds": usage.milliseconds,
            },
        )
        with context.aside() as session:
            record_paid_call(session, call)
