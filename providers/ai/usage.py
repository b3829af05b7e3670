"""What a call to a model used, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """One paid call. `cost_usd` is None where the price of the model is not known; it is never guessed."""

    input_tokens: int
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: Decimal | None = None
    request_id: str | None = None
    milliseconds: int = 0

    @property
    def total_tokens(self) -> int:
        """Model tokens in and out."""
        return self.input_tokens + self.output_tokens
