"""Sentences of a text beside those of its translation.

A link ("bead") pairs 1-1, 1-0, 0-1, 2-1, 1-2 or 2-2 sentences, seldom one with three or four. Each bead scores the
logarithm of its prior (Gale and Church 1993), of how well the lengths fit (`lengths`) and of what both sides share
(`anchors`). The alignment is the chain of beads that scores best. Headings that name the same known section are pinned
to each other first, and only what lies between two pins is aligned: a section that is missing on one side can't shift
the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

import numpy as np

from engines.translation.anchors import KIND_KEPT, Evidence, Lexicon, kinds_score
from engines.translation.headings import Role, role_of
from engines.translation.lengths import Floats, LengthModel, first_ratio, ratio_of, run_sums
from engines.translation.programme import Bead, Scores, Step, best_chain

# Gale and Church's shares of each sort of bead in hand-aligned bank reports. One sentence cut into three or four is not
# among theirs; French job descriptions do it. Each further cut is as much rarer as the first: ten times.
PRIORS: Mapping[Bead, float] = {
    (1, 1): 0.89,
    (2, 1): 0.089,
    (1, 2): 0.089,
    (2, 2): 0.011,
    (3, 1): 0.0089,
    (1, 3): 0.0089,
    (4, 1): 0.00089,
    (1, 4): 0.00089,
}
ALONE = float(np.log(0.0099))
# Cells of one table: 1,400 by 1,400 sentences, some forty pages each, take about 300 MB and 6 s.
MOST_CELLS = 1_960_000
# Below this the second look at the ratio of lengths changes nothing that matters.
SAME_RATIO = 0.03
# Links that are sure enough to measure that ratio by.
SURE = 0.9
# Plain text that goes on with what stands before it.
CONTINUATION = "text"


class TooLong(ValueError):
    """The texts are too long to be aligned in one piece."""


@dataclass(frozen=True, slots=True)
class Link:
    """Sentences `source_start:source_end` mean what `target_start:target_end` mean; an empty range has no counterpart.

    `confidence` is the posterior probability of exactly this link: the share of all monotone alignments that hold it,
    each weighed by its likelihood under the model (forward-backward). It falls where lengths, numbers or anchors speak
    against the link, and where another link would do nearly as well. Only what is certain by rule has 1: pinned
    headings, and all sentences where the other text is empty.
    """

    source_start: int
    source_end: int
    target_start: int
    target_end: int
    confidence: float

    @property
    def bead(self) -> str:
        """How many sentences there are on each side: `1-2`."""
        return f"{self.source_end - self.source_start}-{self.target_end - self.target_start}"


@dataclass(frozen=True, slots=True)
class _Text:
    """One side: what each sentence is on the page, and how long it is."""

    roles: tuple[Role, ...]
    kinds: tuple[str, ...]
    lengths: Floats


def align(
    source: Sequence[str],
    target: Sequence[str],
    *,
    opens: tuple[Sequence[bool], Sequence[bool]] | None = None,
    lexicon: Lexicon | None = None,
) -> tuple[Link, ...]:
    """Link the sentences of `source` with those of `target`, in order; every sentence is in exactly one link.

    Args:
        source: The sentences of one text, with the marks of headings and lists.
        target: The sentences of its translation.
        opens: For each sentence of both texts, whether it opens a paragraph, where that is known.
        lexicon: Terms of the source's language with their translations.

    Raises:
        TooLong: there are more sentences than a table can hold.
    """
    if len(source) * len(target) > MOST_CELLS:
        raise TooLong(
            f"{len(source)} and {len(target)} sentences are too many to align at once:"
            f" divide both documents into parts of at most {isqrt(MOST_CELLS):,} sentences."
        )
    if not source or not target:
        return tuple(_left_alone(len(source), len(target)))
    texts = _text(source, opens and opens[0]), _text(target, opens and opens[1])
    shared = _shared(*texts, lexicon)
    ratio = first_ratio(texts[0].lengths, texts[1].lengths)
    links = tuple(_links(*texts, shared, ratio))
    measured = _measured_ratio(*texts, links)
    if measured is None or abs(measured - ratio) < SAME_RATIO:
        return links
    return tuple(_links(*texts, shared, measured))


def _text(sentences: Sequence[str], opens: Sequence[bool] | None) -> _Text:
    roles = tuple(role_of(sentence) for sentence in sentences)
    kinds = [role.label for role in roles]
    for place, opening in enumerate(opens or ()):
        if opening and kinds[place] == CONTINUATION:
            kinds[place] = "paragraph"
    lengths = np.array([max(len(role.body), 1) for role in roles], dtype=np.float64)
    return _Text(roles, tuple(kinds), lengths)


def _left_alone(source: int, target: int) -> Iterator[Link]:
    """One text is empty: nothing has a counterpart, for certain."""
    yield from (Link(place, place + 1, 0, 0, 1.0) for place in range(source))
    yield from (Link(0, 0, place, place + 1, 1.0) for place in range(target))


def _shared(source: _Text, target: _Text, lexicon: Lexicon | None) -> Scores:
    """Score all beads of the whole texts by their priors, and by what both sides share: numbers, cognates, marks."""
    evidence = Evidence(source.roles, target.roles, lexicon)
    kinds = kinds_score(source.kinds, target.kinds)
    goes_on = _goes_on(source), _goes_on(target)
    scores = {}
    for (height, width), prior in PRIORS.items():
        if height <= len(source.roles) and width <= len(target.roles):
            score = evidence.score(source_pieces=height, target_pieces=width) + np.log(prior)
            score += kinds[: len(score), : score.shape[1]]
            score += run_sums(goes_on[0], height - 1)[:, None] + run_sums(goes_on[1], width - 1)[None, :]
            scores[height, width] = score
    return scores


def _goes_on(text: _Text) -> Floats:
    """Score each sentence with the next as one piece: a new item seldom goes on with the last, a heading never."""
    usual = sum(kind == CONTINUATION for kind in text.kinds) / len(text.kinds)
    breaks = min(float(np.log((1.0 - KIND_KEPT) / max(1.0 - usual, 1.0 - KIND_KEPT))), 0.0)
    never = [a.is_heading or b.is_heading for a, b in pairwise(text.roles)]
    goes_on = [kind == CONTINUATION for kind in text.kinds[1:]]
    return np.where(never, -np.inf, np.where(goes_on, 0.0, breaks))


def _links(source: _Text, target: _Text, shared: Scores, ratio: float) -> Iterator[Link]:
    """Align what lies between the pins, and yield the pins between."""
    model = LengthModel(target.lengths, ratio=ratio)
    scores = {bead: score + _length_score(model, source, target, bead) for bead, score in shared.items()}
    i = j = 0
    for pin_i, pin_j in [*_pins(source.roles, target.roles), (len(source.roles), len(target.roles))]:
        for step in _between(scores, slice(i, pin_i), slice(j, pin_j)):
            (height, width), left, right = step.bead, i + step.source, j + step.target
            yield Link(left, left + height, right, right + width, step.probability)
        if pin_i < len(source.roles):
            yield Link(pin_i, pin_i + 1, pin_j, pin_j + 1, 1.0)
        i, j = pin_i + 1, pin_j + 1


def _length_score(model: LengthModel, source: _Text, target: _Text, bead: Bead) -> Floats:
    height, width = bead
    # With the space between the sentences.
    left, right = run_sums(source.lengths, height) + height - 1, run_sums(target.lengths, width) + width - 1
    return model.score(left, right, pieces=width)


def _between(scores: Scores, rows: slice, columns: slice) -> list[Step]:
    """Align one stretch; a bead must begin early enough to end within it."""
    height, width = rows.stop - rows.start, columns.stop - columns.start
    within = {
        (tall, wide): score[rows.start : max(rows.stop + 1 - tall, 0), columns.start : max(columns.stop + 1 - wide, 0)]
        for (tall, wide), score in scores.items()
        if height >= tall and width >= wide
    }
    return best_chain(within, alone=ALONE, rows=height, columns=width)


def _pins(source: Sequence[Role], target: Sequence[Role]) -> list[tuple[int, int]]:
    """Pair the headings of known sections that stand once in each text and in the same order in both."""
    places = [_sections(source), _sections(target)]
    pairs = [(places[0][name], places[1][name]) for name in places[0] if name in places[1]]
    # The longest run of pairs that rises on both sides: a section that was moved pins nothing.
    chains: list[list[tuple[int, int]]] = []
    for pair in pairs:
        before = max((chain for chain in chains if chain[-1][1] < pair[1]), key=len, default=[])
        chains.append([*before, pair])
    return max(chains, key=len, default=[])


def _sections(roles: Sequence[Role]) -> dict[str, int]:
    """Where each known section begins, of those that stand once."""
    times = Counter(role.concept for role in roles if role.concept)
    return {role.concept: place for place, role in enumerate(roles) if times[role.concept] == 1}


def _measured_ratio(source: _Text, target: _Text, links: Sequence[Link]) -> float | None:
    """Return the ratio of lengths of the sentences that stand one to one for certain enough."""
    sure = [link for link in links if link.bead == "1-1" and link.confidence >= SURE]
    left = np.array([source.lengths[link.source_start] for link in sure], dtype=np.float64)
    right = np.array([target.lengths[link.target_start] for link in sure], dtype=np.float64)
    return ratio_of(left, right)
