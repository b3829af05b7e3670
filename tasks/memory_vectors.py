"""An embedder that keeps account of what it paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256

from db.repositories.people import find_user_id
from db.repositories.usage import PaidCall, record_call
from providers.ai.embedder import Embeddings, OnPaid, ignore_usage
from providers.ai.usage import Usage
from tasks.context import TaskContext


class CountedEmbedder:
    """The context's embedder. A paid call is on record before its vectors are used, whatever becomes of the attempt.

    It keeps no vectors: a later attempt pays again for what the task did not save.
    """

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

    def embed(self, texts: Sequence[str], *, on_paid: OnPaid = ignore_usage) -> Embeddings:
        """Embed `texts`, each different one once, and note what each call cost."""

        def record(usage: Usage, asked: int) -> None:
            self._record(usage, asked)
            on_paid(usage, asked)

        different = list(dict.fromkeys(texts))
        made = self._context.embedder.embed(different, on_paid=record)
        place = {text: number for number, text in enumerate(different)}
        return Embeddings(made.vectors[[place[text] for text in texts]])

    def _record(self, usage: Usage, texts: int) -> None:
        context = self._context
        self._calls += 1
        # The key names the call and not the question: the same texts in a later attempt are another call, and paid.
        key = sha256(f"{context.run_id}:{context.attempt}:{self._calls}".encode()).hexdigest()
        with context.aside() as session:
            call = PaidCall(
                provider=self.provider,
                model=self.model,
                operation="embedding",
                feature="translation_memory",
                run_id=context.run_id,
                user_id=find_user_id(session, context.requested_by) if context.requested_by else None,
                **asdict(usage),
                details={"attempt": context.attempt, "texts": texts, "milliseconds": usage.milliseconds},
            )
            record_call(session, call, call_key=key)
