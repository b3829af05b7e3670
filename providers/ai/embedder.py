"""The contract of an embedder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from providers.ai.usage import Usage

DIMENSIONS = 1536
"""Of every vector: the schema's columns are that wide."""


OnPaid = Callable[[Usage, int], None]
"""Hears of one paid call: what it used, and how many texts it was about."""


def ignore_usage(_usage: Usage, _texts: int) -> None:
    """Keep no account, where nothing is paid or nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One unit vector for each text, as rows of a float32 array of shape (texts, 1536)."""

    vectors: NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors. Vectors of two models can't be compared, so each row keeps the name of its model."""

    @property
    def provider(self) -> str:
        """Who does it: `local` or `openai`."""

    @property
    def model(self) -> str:
        """The model's name, as `embedding_model` keeps it."""

    def embed(self, texts: Sequence[str], *, on_paid: OnPaid = ignore_usage) -> Embeddings:
        """Embed `texts` (none of them empty) in their order, and tell of each paid call before its answer is used.

        Raises:
            ProviderFailure: the service failed; another attempt may succeed.
            Permanent: the service refuses, and would again.
        """
