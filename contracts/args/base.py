"""What every kind's args have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from contracts.storable import refuse_unstorable

Language = Literal["en", "fr"]
"""The languages of the documents, as the schema's columns name them."""


class Args(BaseModel):
    """The base of every kind's args: frozen, and strict about names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
    # One more with every change that old args don't fit.
    version: ClassVar[int] = 1

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, values: Any) -> Any:
        return refuse_unstorable(values)

    @classmethod
    def upcast(cls, values: Mapping[str, Any], version: int) -> Mapping[str, Any]:  # noqa: ARG003 - for those who override
        """Return args of an older `version` as this one would write them. A kind whose args changed says how."""
        return values
