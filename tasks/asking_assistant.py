"""Asks an assistant about passages, and never pays twice for the same question.

An answer and its price are written down in a transaction beside the task's, before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from contracts.args.descriptions import SuggestionType
from contracts.errors import Permanent
from db.repositories.ai import find_answer, record_answer
from db.repositories.usage import PaidCall, record_failure
from engines.writing.drafts import Draft, Passage
from engines.writing.suggesting import cut_passage
from providers.ai import assistant as ai
from providers.ai.usage import Usage
from tasks.context import TaskContext

# Longer sections are asked about in pieces: what a model answers about a piece fits in one answer.
LONGEST_PASSAGE = 6_000
OF_AN_ASSISTANT = frozenset(SuggestionType) - {SuggestionType.TRANSLATION}
WHOLE_DOCUMENT = "document"
# The block of names and numbers at the top: there is no wording in it to improve.
FIELDS = "tombstone"


class NothingAnswered(Permanent):
    """The model answered no question about this description."""


@dataclass(slots=True)
class Asked:
    """What an assistant proposed, and what that cost this run. Nothing was asked while `calls` is 0."""

    drafts: list[Draft] = field(default_factory=list)
    unanswered: dict[str, str] = field(default_factory=dict)
    answered: int = 0
    calls: int = 0
    # By the question's key: the same passage twice is one question.
    paid: dict[str, Usage] = field(default_factory=dict)

    def figures(self) -> dict[str, Any]:
        """What the run's result says of it: the answers that this run itself paid for.

        What can't be read was paid for as well, but by an attempt that failed: only `ai_usage_tracking` has that.
        """
        paid = list(self.paid.values())
        costs = [usage.cost_usd for usage in paid]
        known = [cost for cost in costs if cost is not None]
        return {
            "cost_usd": str(sum(known, Decimal(0))) if self.calls and len(known) == len(costs) else None,
            "tokens": {
                "input": sum(usage.input_tokens for usage in paid),
                "output": sum(usage.output_tokens for usage in paid),
                "cached": sum(usage.cached_tokens for usage in paid),
            },
            "calls": {"paid": len(paid), "answered_before": self.calls - len(paid)},
            **({"unanswered": self.unanswered} if self.unanswered else {}),
        }


def ask_about(
    text: str,
    language: str,
    passages: Sequence[Passage],
    types: Sequence[SuggestionType],
    *,
    context: TaskContext,
    assistant: ai.Assistant,
    user_id: int,
) -> Asked:
    """Ask about every section, in pieces where it is long.

    Raises:
        NothingAnswered: every one was refused or cut off.
    """
    asked = Asked()
    wanted = sorted(OF_AN_ASSISTANT.intersection(types))
    pieces = questions(text, language, passages) if wanted else []
    for number, piece in enumerate(pieces):
        question = ai.Passage(piece.section or WHOLE_DOCUMENT, piece.within(text), language)
        context.progress(0.1 + 0.7 * number / len(pieces), f"Asking {assistant.model} about {question.section}")
        kept = ask_once(context, assistant, question, wanted, user_id)
        if kept["run_id"] == str(context.run_id):
            asked.paid[assistant.call_key(question, wanted)] = usage_of(kept)
        note(asked, piece, kept)
    if pieces and asked.answered == 0:
        raise NothingAnswered(
            f"{assistant.model} answered nothing: {'; '.join(sorted(set(asked.unanswered.values())))}."
            " Use local means (--local), or another model (DRAY_OPENAI_MODEL)."
        )
    return asked


def questions(text: str, language: str, passages: Sequence[Passage]) -> list[Passage]:
    """The pieces to ask about: of the sections, or of the whole text where it has none."""
    sections = [passage for passage in passages if passage.section not in {None, FIELDS}] or list(passages)
    return [piece for passage in sections for piece in cut_passage(text, passage, language, longest=LONGEST_PASSAGE)]


def ask_once(
    context: TaskContext, assistant: ai.Assistant, question: ai.Passage, types: Sequence[str], user_id: int
) -> Mapping[str, Any]:
    """Return what was answered to this question, now or before.

    Raises:
        UnusableAnswer: what was answered can't be read; it is written down that it was paid for.
    """
    key = assistant.call_key(question, types)
    proposals: ai.Proposals | None = None
    try:
        # Held open while the model answers: whoever asks the same meanwhile waits for the answer and pays nothing.
        with context.aside() as aside:
            kept = find_answer(aside, key)
            if kept is None:
                proposals = assistant.propose(question, types)
                call, kept = answer_of(context, assistant, proposals, user_id)
                record_answer(aside, key, call, kept)
    except ai.UnusableAnswer as unusable:
        with context.aside() as aside:
            record_failure(aside, paid_call(context, assistant, unusable.usage, user_id), str(unusable))
        raise
    except Exception:
        # Told to stop, perhaps, between the answer and its commit: what was paid for is kept all the same.
        if proposals is not None:
            with context.aside() as aside:
                if find_answer(aside, key) is None:
                    record_answer(aside, key, *answer_of(context, assistant, proposals, user_id))
        raise
    return kept


def answer_of(
    context: TaskContext, assistant: ai.Assistant, proposals: ai.Proposals, user_id: int
) -> tuple[PaidCall, dict[str, Any]]:
    """What a call cost, and what is kept of its answer."""
    return paid_call(context, assistant, proposals.usage, user_id), kept_form(proposals, str(context.run_id))


def note(asked: Asked, piece: Passage, kept: Mapping[str, Any]) -> None:
    """Add one answer to what was asked."""
    asked.calls += 1
    if kept["unanswered"]:
        asked.unanswered[piece.section or WHOLE_DOCUMENT] = kept["unanswered"]
    else:
        asked.answered += 1
    asked.drafts += [
        Draft(
            suggestion_type=item["suggestion_type"],
            section=piece.section,
            original=item["original"],
            suggested=item["suggested"],
            explanation=item["explanation"],
            confidence=item["confidence"],
        )
        for item in kept["items"]
    ]


def kept_form(proposals: ai.Proposals, run_id: str) -> dict[str, Any]:
    """An answer as `ai_answers` keeps it, with the run that paid for it."""
    usage = asdict(proposals.usage)
    if proposals.usage.cost_usd is not None:
        usage["cost_usd"] = str(proposals.usage.cost_usd)
    return {
        "items": [asdict(item) for item in proposals.items],
        "unanswered": proposals.unanswered,
        "usage": usage,
        "run_id": run_id,
    }


def usage_of(kept: Mapping[str, Any]) -> Usage:
    """What a kept answer had cost."""
    cost = kept["usage"]["cost_usd"]
    return Usage(**{**kept["usage"], "cost_usd": None if cost is None else Decimal(cost)})


def paid_call(context: TaskContext, assistant: ai.Assistant, usage: Usage, user_id: int) -> PaidCall:
    """A call as the tables of usage keep it."""
    return PaidCall(
        provider=assistant.provider,
        model=assistant.model,
        operation="suggestions",
        feature="enhancement",
        run_id=context.run_id,
        user_id=user_id,
        **asdict(usage),
    )
