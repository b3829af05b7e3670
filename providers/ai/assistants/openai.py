"""OpenAI's models as an assistant, by the Responses API with a strict schema."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from openai import APIError, OpenAI
from openai.types.responses import Response, ResponseFormatTextJSONSchemaConfigParam
from pydantic import SecretStr, ValidationError

from contracts.errors import Permanent, ProviderFailure
from providers.ai.assistant import Passage, Proposal, Proposals, UnusableAnswer
from providers.ai.assistants.prompt import INSTRUCTIONS, MOST_SUGGESTIONS, SuggestedChanges, call_key, question
from providers.ai.openai_errors import failure_of
from providers.ai.prices import cost_of
from providers.ai.usage import Usage

PROVIDER = "openai"
TIMEOUT_SECONDS = 60.0
# Room for what a reasoning model thinks, too.
MOST_OUTPUT_TOKENS = 8_000


class OpenAiAssistant:
    """Asks one model. It never retries by itself: the run does, and knows what was paid for."""

    provider = PROVIDER

    def __init__(
        self, *, api_key: SecretStr, base_url: str | None, model: str, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self.model = model
        self._client = OpenAI(
            api_key=api_key.get_secret_value(), base_url=base_url, max_retries=0, timeout=timeout_seconds
        )

    def call_key(self, passage: Passage, suggestion_types: Sequence[str]) -> str:
        """Return a hash of all that would be asked."""
        return call_key(self.provider, self.model, passage, suggestion_types)

    def propose(self, passage: Passage, suggestion_types: Sequence[str]) -> Proposals:
        """Ask for proposals of these types.

        Raises:
            UnusableAnswer: it answered, at a price, with what can't be read; another attempt may succeed.
            ProviderFailure: the service failed; another attempt may succeed.
            Permanent: the service refuses, and would again.
        """
        started = time.monotonic()
        response = self._ask(question(passage, suggestion_types))
        usage = usage_of(response, self.model, milliseconds=round((time.monotonic() - started) * 1000))
        if why := unanswered(response):
            return Proposals((), usage, unanswered=why)
        return Proposals(proposals_of(response, passage, suggestion_types, usage), usage)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, asked: str) -> Response:
        """Call the service.

        The answer is read here and not by the library's `parse`: that throws away what an unreadable answer cost.
        """
        try:
            response = self._client.responses.create(
                model=self.model,
                instructions=INSTRUCTIONS,
                input=asked,
                text={"format": answer_format()},
                max_output_tokens=MOST_OUTPUT_TOKENS,
                prompt_cache_key="dray-suggestions",
                store=False,
            )
        except (APIError, ValueError) as error:
            # A ValueError: a success whose body is no JSON.
            failure = failure_of(error, model_setting="DRAY_OPENAI_MODEL")
        else:
            return checked(response)
        # Outside the handler: the library's error, which may quote the key, is not part of what is reported.
        raise failure


def answer_format() -> ResponseFormatTextJSONSchemaConfigParam:
    """Return the schema that the answer must fit. Strict mode knows no bounds of numbers; reading checks those."""
    schema = SuggestedChanges.model_json_schema()
    _without_bounds(schema)
    return {"type": "json_schema", "name": "suggested_changes", "schema": schema, "strict": True}


def _without_bounds(schema: Any) -> None:
    if isinstance(schema, dict):
        schema.pop("minimum", None)
        schema.pop("maximum", None)
        for value in schema.values():
            _without_bounds(value)


def checked(response: object) -> Response:
    """Return the response if it is one, and whole.

    Raises:
        ProviderFailure: something else came back, or the service failed in the middle.
        Permanent: the service found the prompt invalid.
    """
    # The library builds its object out of any JSON.
    if not isinstance(response, Response) or not isinstance(getattr(response, "output", None), list):
        raise ProviderFailure("OpenAI's answer is no response; is OPENAI_BASE_URL the address of its API?")
    if response.error is not None:
        code = response.error.code
        if code == "invalid_prompt":
            raise Permanent(f"OpenAI refuses the prompt ({code}); use local means (--local) for this description.")
        raise ProviderFailure(f"OpenAI failed while answering ({code}).")
    return response


def usage_of(response: Response, model: str, *, milliseconds: int) -> Usage:
    """Return what the service says it used, at the price of the model asked for."""
    used = response.usage
    if used is None:
        return Usage(0, request_id=response.id, milliseconds=milliseconds)
    # Servers that only look like OpenAI's leave this out.
    cached = getattr(used.input_tokens_details, "cached_tokens", None) or 0
    return Usage(
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cached_tokens=cached,
        cost_usd=cost_of(model, used.input_tokens, used.output_tokens, cached),
        request_id=getattr(response, "_request_id", None) or response.id,
        milliseconds=milliseconds,
    )


def unanswered(response: Response) -> str | None:
    """Why there is no answer: the model refused, or the answer was cut off."""
    if response.incomplete_details is not None:
        reason = response.incomplete_details.reason
        if reason == "max_output_tokens":
            return f"the answer was cut off at {MOST_OUTPUT_TOKENS:,} model tokens"
        return f"the answer is incomplete ({reason})"
    refusals = [part for item in response.output if item.type == "message" for part in item.content]
    return "the model refused" if any(part.type == "refusal" for part in refusals) else None


def proposals_of(
    response: Response, passage: Passage, suggestion_types: Sequence[str], usage: Usage
) -> tuple[Proposal, ...]:
    """Read the answer.

    Raises:
        UnusableAnswer: it does not fit the schema.
    """
    try:
        changes = SuggestedChanges.model_validate_json(response.output_text)
    except ValidationError as error:
        fault = f"{error.error_count()} faults, first: {error.errors(include_input=False)[0]['msg']}"
    else:
        return tuple(
            Proposal(
                section=passage.section,
                suggestion_type=change.type,
                original=change.original,
                suggested=change.suggested,
                explanation=change.reason,
                confidence=change.confidence,
            )
            for change in changes.suggestions[:MOST_SUGGESTIONS]
            if change.type in suggestion_types
        )
    raise UnusableAnswer(f"OpenAI's answer does not fit the schema ({fault}).", usage)
