"""What every kind's args have in common."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["en", "fr"]
"""The languages of the documents, as the schema's columns name them."""


class Args(BaseModel):
    """The base of every kind's args: frozen, and strict about names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
