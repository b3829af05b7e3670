"""Work on the translation memory and on pairs of translated documents."""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.args.base import Args, Language

LONGEST_QUERY = 2_000


class Translation(Args):
    """Args that go from one language to another."""

    source_language: Language = Field("en", description="The language translated from")
    target_language: Language = Field("fr", description="The language translated into")

    @model_validator(mode="after")
    def _two_languages(self) -> Self:
        if self.source_language == self.target_language:
            raise ValueError(f"source and target language are both {self.source_language!r}; they must differ")
        return self


class ImportMemory(Translation):
    """`memory.import`: read a TMX file into the translation memory."""

    kind: ClassVar[str] = "memory.import"

    file_id: UUID = Field(description="The uploaded file, as POST /v1/files named it")
    domain: str | None = Field(None, min_length=1, max_length=50, description="What the texts are about")
    subdomain: str | None = Field(None, min_length=1, max_length=50, description="More closely, what they are about")
    embed: bool = Field(True, description="Ask for memory.embed in the same transaction")


class EmbedMemory(Args):
    """`memory.embed`: give vectors to entries and chunks that have none of the current model."""

    kind: ClassVar[str] = "memory.embed"

    batch_size: int = Field(200, ge=1, le=2_000, description="Texts handed to the model at once")


class LookUpMemory(Translation):
    """`memory.lookup`: find translations of a text: the same, a similar one, or one of similar meaning."""

    kind: ClassVar[str] = "memory.lookup"

    text: str = Field(min_length=1, max_length=LONGEST_QUERY, description="The segment to translate")
    domain: str | None = Field(None, min_length=1, max_length=50, description="Only entries of this domain")
    minimum_score: float = Field(0.7, ge=0.3, le=1, description="Leave out fuzzy matches below this")
    limit: int = Field(5, ge=1, le=20, description="How many matches at most")


class AlignPair(Args):
    """`memory.align`: pair the sentences of a document with those of its translation."""

    kind: ClassVar[str] = "memory.align"

    pair_id: int = Field(ge=1, description="The row of translation_pairs to align")
