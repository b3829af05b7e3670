"""The embedder and the assistant that the settings ask for."""

from __future__ import annotations

from contracts.settings import Settings
from providers.ai.assistant import Assistant
from providers.ai.embedder import Embedder
from providers.ai.embedders.local import LocalEmbedder


def configured_embedder(settings: Settings) -> Embedder:
    """Return OpenAI's where a key is given, else the local one."""
    if settings.openai_api_key is None:
        return LocalEmbedder()
    # Its client takes a second to import: only those who use it wait.
    from providers.ai.embedders.openai import OpenAIEmbedder  # noqa: PLC0415

    return OpenAIEmbedder(
        api_key=settings.openai_api_key.get_secret_value(),
        model=settings.openai_embedding_model,
        base_url=settings.openai_base_url,
    )


def configured_assistant(settings: Settings) -> Assistant | None:
    """Return OpenAI's where a key is given, else none."""
    if settings.openai_api_key is None:
        return None
    from providers.ai.assistants.openai import OpenAiAssistant  # noqa: PLC0415 - its import takes a second

    return OpenAiAssistant(
        api_key=settings.openai_api_key, base_url=settings.openai_base_url, model=settings.openai_model
    )
