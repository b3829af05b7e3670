"""Vectors without any model: hashed pieces of words.

Each text is taken apart into its words and, within each word, its runs of three to five letters. Every piece is hashed
to one of 1536 places and a sign, its weight grows with the logarithm of how often it occurs, and the sum is scaled to
length 1. The cosine of two such vectors says how much wording two texts share.

What that can do: find texts of the same language that say something in similar words, whatever their order and their
endings. What it can't: know that two different words mean the same, and compare texts of two languages.

The same text gives the same vector, bit for bit, in every process and on every machine: the hash is our own, all sums
are of whole numbers, and the only rounding is that of one square root and one division, which IEEE 754 fixes.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from providers.ai.embedder import DIMENSIONS, Embeddings, OnPaid, ignore_usage

Hashes = NDArray[np.uint64]

SIZES = (3, 4, 5)
GROUP = 256
# A whole word says more than a piece of one.
WORD_WEIGHT = 3
# Weights are whole numbers, in thousandths: 1 + ln(count).
WEIGHTS = np.array([0] + [round(1000 * (1 + math.log(count))) for count in range(1, 1001)], np.int64)
SPACE = ord(" ")
# Odd numbers with well-mixed bits, as splitmix64 uses them.
STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class LocalEmbedder:
    """Embeds by hashed pieces of words. The model's name changes with anything that changes a vector."""

    provider = "local"
    model = "local-ngram-1"

    def embed(self, texts: Sequence[str], *, on_paid: OnPaid = ignore_usage) -> Embeddings:  # noqa: ARG002 - it is free
        """Embed `texts`, a group at a time. A text without any letter or digit gives the zero vector."""
        groups = [embed_group(texts[start : start + GROUP]) for start in range(0, len(texts), GROUP)]
        return Embeddings(np.concatenate(groups) if groups else np.zeros((0, DIMENSIONS), np.float32))


def embed_group(texts: Sequence[str]) -> NDArray[np.float32]:
    """Embed at most some hundred texts at once."""
    letters, owners = letters_of(texts)
    pieces, places = [], []
    for size in SIZES:
        hashes, kept = hash_runs(letters, size)
        pieces.append(hashes)
        places.append(owners[: len(kept)][kept])
    grams = weigh(np.concatenate(pieces), np.concatenate(places), len(texts), 1)
    words, starts = hash_words(letters)
    return to_unit_length(grams + weigh(words, owners[starts], len(texts), WORD_WEIGHT))


def letters_of(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int64]]:
    """Return the letters of all texts in one row, words parted by one space, and whose letter each is."""
    plain = [f" {' '.join(fold(text).split())} " for text in texts]
    letters = np.frombuffer("".join(plain).encode("utf-32-le"), np.uint32).astype(np.uint64)
    return letters, np.repeat(np.arange(len(texts)), [len(text) for text in plain])


def fold(text: str) -> str:
    """Write a text in small letters without accents, with a space for whatever is neither letter nor digit."""
    bare = (letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in bare)


def hash_runs(letters: Hashes, size: int) -> tuple[Hashes, NDArray[np.bool_]]:
    """Hash each run of `size` letters that lies within one word, its bounding spaces included."""
    length = max(0, len(letters) - size + 1)
    hashes = np.full(length, size, np.uint64)
    kept = np.ones(length, np.bool_)
    for place in range(size):
        run = letters[place : place + length]
        hashes = mix(hashes + run)
        if 0 < place < size - 1:
            kept &= run != SPACE
    return hashes[kept], kept


def hash_words(letters: Hashes) -> tuple[Hashes, NDArray[np.int64]]:
    """Hash each whole word, and tell where it starts."""
    spaces = letters == SPACE
    here = np.arange(len(letters))
    places = here - np.maximum.accumulate(np.where(spaces, here, 0))
    starts = np.flatnonzero(places == 1)
    if not len(starts):
        return np.zeros(0, np.uint64), starts
    mixed = np.where(spaces, np.uint64(0), mix(letters + places.astype(np.uint64) * STEP))
    return mix(np.add.reduceat(mixed, starts)), starts


def mix(numbers: Hashes) -> Hashes:
    """Scatter the bits of each number, as splitmix64 does. Overflow is part of it."""
    mixed = numbers + STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * SECOND
    return mixed ^ (mixed >> np.uint64(31))


def weigh(hashes: Hashes, owners: NDArray[np.int64], texts: int, factor: int) -> NDArray[np.int64]:
    """Count the pieces of each text and add their weights up, each at its place and with its sign."""
    # 52 bits of hash tell the pieces of a group apart.
    keys, counts = np.unique(hashes >> np.uint64(12) | owners.astype(np.uint64) << np.uint64(52), return_counts=True)
    whose, pieces = (keys >> np.uint64(52)).astype(np.int64), keys & np.uint64((1 << 52) - 1)
    places = ((pieces >> np.uint64(1)) % np.uint64(DIMENSIONS)).astype(np.int64)
    signs = 1 - 2 * (pieces & np.uint64(1)).astype(np.int64)
    weights = factor * signs * WEIGHTS[np.minimum(counts, len(WEIGHTS) - 1)]
    # Floats hold these whole numbers exactly, so that the order of adding does not matter.
    sums = np.bincount(whose * DIMENSIONS + places, weights=weights, minlength=texts * DIMENSIONS)
    return sums.astype(np.int64).reshape(texts, DIMENSIONS)


def to_unit_length(sums: NDArray[np.int64]) -> NDArray[np.float32]:
    """Scale each row to length 1, but for one that is all zeros."""
    lengths = np.sqrt((sums * sums).sum(axis=1).astype(np.float64))
    lengths[lengths == 0] = 1
    units: NDArray[np.float32] = (sums / lengths[:, None]).astype(np.float32)
    return units
