"""What models cost, as their maker publishes it. A model that is not listed has no known price, and none is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MILLION = 1_000_000
# A name that is fixed to a day (`gpt-5-mini-2025-08-07`) costs what the plain one does.
SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million model tokens. `seen` is the day for which the price is known to have held."""

    input: Decimal
    output: Decimal
    cached: Decimal
    seen: date
    source: str


def embedding(dollars: str, model: str) -> Price:
    """The price of a model that only reads."""
    address = f"https://developers.openai.com/api/docs/models/{model}"
    return Price(Decimal(dollars), Decimal(0), Decimal(dollars), date(2026, 7, 3), address)


PRICES: Mapping[str, Price] = {
    "text-embedding-3-small": embedding("0.02", "text-embedding-3-small"),
    "text-embedding-3-large": embedding("0.13", "text-embedding-3-large"),
    "gpt-5-mini": Price(
        input=Decimal("0.25"),
        output=Decimal("2.00"),
        cached=Decimal("0.025"),
        seen=date(2026, 6, 20),
        source="https://developers.openai.com/api/docs/models/gpt-5-mini",
    ),
    "gpt-5-nano": Price(
        input=Decimal("0.05"),
        output=Decimal("0.40"),
        cached=Decimal("0.005"),
        seen=date(2026, 6, 20),
        source="https://developers.openai.com/api/docs/models/gpt-5-nano",
    ),
}


def cost_of(model: str, input_tokens: int, output_tokens: int = 0, cached_tokens: int = 0) -> Decimal | None:
    """Return the dollars that a call cost, or None where the model's price is not known.

    `cached_tokens` are those among `input_tokens` that the provider had kept from an earlier call.
    """
    price = PRICES.get(SNAPSHOT.sub("", model))
    if price is None:
        return None
    fresh = input_tokens - cached_tokens
    return (fresh * price.input + cached_tokens * price.cached + output_tokens * price.output) / MILLION
