"""How well sentences are paired: strict precision, recall and F1 of `engines.translation.alignment` on real text.

The gold comes from a TMX file whose units are provisions of Acts. A unit's sentences give a known link where one side
has one sentence (1-1, 1-2, 2-1, 1-3 …) or both have as many (then they go side by side); other units are left out. From
a part of the units one side is dropped (1-0, 0-1), and some sentences of the target are run together with the next
(2-1). A link counts only if both of its sides are exactly those of the gold. Links with an empty side are scored apart.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from lxml import etree

from engines.text.sentences import split_sentences
from engines.translation.alignment import Link, align
from engines.translation.anchors import Lexicon, features_of
from engines.translation.headings import role_of

TMX = "gc_laws_en_fr.tmx"
TERMS = "gc_laws_terms_en_fr.csv"
UNITS = 150
DROPPED, JOINED = 0.04, 0.04
# Below this the anchors would have become worse than lengths ever were.
LEAST_F1 = 0.90

Range = tuple[int, int]
Gold = set[tuple[Range, Range]]
Bead = tuple[list[str], list[str]]
Judged = tuple[float, bool]
NOTHING = (-1, -1)


@dataclass
class Piece:
    """Two texts and the links that are known of them."""

    source: list[str] = field(default_factory=list)
    target: list[str] = field(default_factory=list)
    gold: Gold = field(default_factory=set)

    def add(self, source: Sequence[str], target: Sequence[str]) -> None:
        """Add sentences that belong together."""
        here = len(self.source), len(self.target)
        self.source += source
        self.target += target
        self.gold.add(
            (
                (here[0], len(self.source)) if source else NOTHING,
                (here[1], len(self.target)) if target else NOTHING,
            )
        )


@dataclass
class Score:
    """Links found, links known, and those that are both."""

    found: int = 0
    known: int = 0
    right: int = 0

    def add(self, found: Gold, known: Gold) -> None:
        """Count one piece."""
        self.found, self.known, self.right = (
            self.found + len(found),
            self.known + len(known),
            self.right + len(found & known),
        )

    @property
    def precision(self) -> float:
        """The share of the links found that are right."""
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        """The share of the known links that were found."""
        return self.right / max(self.known, 1)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.right / max(self.found + self.known, 1)


def read_units(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the units of each Act, in order."""
    acts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for unit in etree.parse(path).iter("tu"):
        english, french = (str(segment.xpath("string()")).strip() for segment in unit.iter("seg"))
        acts[unit.get("tuid", "").partition(":")[0]].append((english, french))
    return acts


def read_terms(path: Path) -> Lexicon:
    """Return the glossary beside the TMX file, if it is there."""
    if not path.exists():
        return {}
    terms: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            terms[row["term_en"]].add(row["term_fr"])
    return {term: frozenset(translations) for term, translations in terms.items()}


def make_pieces(acts: dict[str, list[tuple[str, str]]], random: Random) -> Iterator[Piece]:
    """Cut the Acts into pieces with known links."""
    for units in acts.values():
        for start in range(0, len(units), UNITS):
            yield make_piece(units[start : start + UNITS], random)


def make_piece(units: Sequence[tuple[str, str]], random: Random) -> Piece:
    """Lay out the beads of these units, dropping one side of some and joining others with the next."""
    piece = Piece()
    beads = [bead for unit in units for bead in known_beads(*unit)]
    while beads:
        source, target = beads.pop(0)
        drawn = random.random()
        if drawn < DROPPED:
            lay_alone(piece, *((source, []) if drawn < DROPPED / 2 else ([], target)))
        elif drawn < DROPPED + JOINED and beads and len(source) == len(target) == len(beads[0][0]) == len(beads[0][1]):
            more, end = beads.pop(0)
            piece.add(source + more, [f"{target[0]} {end[0]}"])
        else:
            piece.add(source, target)
    return piece


def known_beads(english: str, french: str) -> list[Bead]:
    """Split a unit; return the links that are then known."""
    source = [sentence.text for sentence in split_sentences(english, "en")]
    target = [sentence.text for sentence in split_sentences(french, "fr")]
    if len(source) == len(target):
        return [([a], [b]) for a, b in zip(source, target, strict=True)]
    return [(source, target)] if min(len(source), len(target)) == 1 else []


def lay_alone(piece: Piece, source: Sequence[str], target: Sequence[str]) -> None:
    """Add sentences whose counterparts are missing: each is a link of its own."""
    for sentence in source:
        piece.add([sentence], [])
    for sentence in target:
        piece.add([], [sentence])


def score(
    pieces: Sequence[Piece], *, anchors: bool, lexicon: Lexicon | None
) -> tuple[Score, Score, list[Judged], float]:
    """Align every piece; return scores of the links with two sides, of those with one, and how sure each was."""
    whole, alone, judged = Score(), Score(), list[Judged]()
    began = time.perf_counter()
    for piece in pieces:
        source, target = (piece.source, piece.target) if anchors else (masked(piece.source), masked(piece.target))
        links = align(source, target, lexicon=lexicon)
        found = {place(link) for link in links}
        judged += [(link.confidence, place(link) in piece.gold) for link in links]
        whole.add({each for each in found if two_sided(each)}, {each for each in piece.gold if two_sided(each)})
        alone.add({each for each in found if not two_sided(each)}, {each for each in piece.gold if not two_sided(each)})
    return whole, alone, judged, time.perf_counter() - began


def masked(sentences: Sequence[str]) -> list[str]:
    """Leave nothing of the sentences but their lengths."""
    return [re.sub(r".", "x", sentence, flags=re.DOTALL) for sentence in sentences]


def place(link: Link) -> tuple[Range, Range]:
    """Return the ranges of a link, as the gold has them."""
    source, target = (link.source_start, link.source_end), (link.target_start, link.target_end)
    return (source if source[0] < source[1] else NOTHING), (target if target[0] < target[1] else NOTHING)


def two_sided(ranges: tuple[Range, Range]) -> bool:
    """Has the link sentences on both sides?"""
    return all(start >= 0 for start, _ in ranges)


def found_again(acts: dict[str, list[tuple[str, str]]]) -> Iterator[tuple[str, int, float]]:
    """Yield how often a number, a code, a cognate of one side is in the other, where both texts know it at all."""
    times, again = Counter[str](), Counter[str]()
    for units in acts.values():
        for start in range(0, len(units), UNITS):
            sides = [
                [features_of(role_of(side)) for side in text]
                for text in zip(*units[start : start + UNITS], strict=True)
            ]
            common = frozenset().union(*sides[0]) & frozenset().union(*sides[1])
            for source, target in zip(*sides, strict=True):
                times.update(kind for kind, _ in source & common)
                again.update(kind for kind, _ in source & target)
    yield from ((kind, times[kind], again[kind] / times[kind]) for kind in sorted(times))


def print_confidence(judged: Sequence[Judged]) -> None:
    """Print how often links of each confidence are right."""
    print("\nconfidence      links   right")
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 1.01)):
        within = [right for confidence, right in judged if low <= confidence < high]
        if within:
            print(f"{low:.2f} to {min(high, 1):.2f}  {len(within):>6}   {sum(within) / len(within):.2f}")


def main() -> int:
    """Print the table; end with 1 when the anchors do worse than they should, with 2 when there is no text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("DRAY_BENCHMARK_DATA"), help=f"folder of {TMX}")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not options.data or not (options.data / TMX).exists():
        print(f"Name the folder that holds {TMX} by --data or DRAY_BENCHMARK_DATA.", file=sys.stderr)
        return 2
    acts = read_units(options.data / TMX)
    pieces = list(make_pieces(acts, Random(options.seed)))  # noqa: S311 - a sample, no secret
    terms = read_terms(options.data / TERMS)
    print(f"{len(pieces)} pieces, {sum(len(piece.gold) for piece in pieces)} known links, seed {options.seed}\n")
    print("evidence                     precision  recall   F1    alone: P / R      seconds")
    for name, anchors, lexicon in (
        ("lengths", False, None),
        ("lengths, anchors", True, None),
        ("lengths, anchors, glossary", True, terms),
    ):
        whole, alone, judged, seconds = score(pieces, anchors=anchors, lexicon=lexicon)
        print(
            f"{name:<28} {whole.precision:>8.3f} {whole.recall:>8.3f} {whole.f1:>6.3f}"
            f"   {alone.precision:>5.3f} / {alone.recall:.3f} {seconds:>10.1f}"
        )
    print_confidence(judged)
    print("\nfound again      times   share")
    for kind, times, share in found_again(acts):
        print(f"{kind:<12} {times:>9}   {share:.2f}")
    return 0 if whole.f1 >= LEAST_F1 else 1


if __name__ == "__main__":
    sys.exit(main())
