"""`memory.align`: the sentences of a document are paired with those of its translation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_DOWN, Decimal
from statistics import fmean

from contracts.args.memory import AlignPair
from contracts.errors import Permanent
from contracts.outcome import Outcome, Result
from db.repositories.alignments import (
    STATISTICAL,
    LinkRow,
    PairMeasures,
    PairTexts,
    Place,
    Written,
    list_held,
    note_measures,
    read_glossary,
    replace_automatic,
    take_pair,
)
from db.session import Session
from engines.text.sentences import Sentence, split_sentences
from engines.translation.alignment import Link, TooLong, align
from tasks.context import TaskContext
from tasks.registry import task

LANGUAGES = frozenset({"en", "fr"})
LOW_CONFIDENCE = 0.5
HUNDREDTH = Decimal("0.01")


class PairMissing(Permanent):
    """The translation pair does not exist any more."""


class NothingToAlign(Permanent):
    """A document of the pair is missing or empty."""


class UnknownLanguage(Permanent):
    """Only English and French are split into sentences."""


class TextsTooLong(Permanent):
    """The documents are too long to be aligned."""


@dataclass(frozen=True, slots=True)
class Side:
    """One document of the pair."""

    text: str
    sentences: tuple[Sentence, ...]

    @property
    def opens(self) -> list[bool]:
        """Tell for each sentence whether it opens a paragraph: whether a line ends before it."""
        ends = [0, *(sentence.end for sentence in self.sentences)]
        return [
            not place or "\n" in self.text[ends[place] : sentence.start]
            for place, sentence in enumerate(self.sentences)
        ]

    def range(self, start: int, end: int) -> Place | None:
        """Return the sentences `start:end` as they stand in the document, or None for an empty range."""
        if start == end:
            return None
        first, last = self.sentences[start].start, self.sentences[end - 1].end
        return Place(self.text[first:last], first, last)


@task(AlignPair)
def align_pair(args: AlignPair, context: TaskContext) -> Outcome:
    """Split both documents, link their sentences and store the links where no person's stand."""
    pair = take_pair(context.session, args.pair_id)
    if pair is None:
        raise PairMissing(f"The translation pair {args.pair_id} does not exist any more.")
    source, target = sides_of(pair)
    sizes = len(source.sentences), len(target.sentences)
    context.progress(0.2, f"Split into {sizes[0]} and {sizes[1]} sentences")
    lexicon = read_glossary(context.session, source_language=pair.source_language, target_language=pair.target_language)
    links = links_of(source, target, lexicon)
    context.progress(0.8, f"Aligned in {len(links)} links")

    written, left = store(context.session, pair.id, links, source, target)
    measures = measures_of(links)
    note_measures(context.session, pair.id, measures)
    return Result(
        {
            "pair_id": pair.id,
            "sentences": list(sizes),
            "links": dict(sorted(Counter(link.bead for link in links).items())),
            "mean_confidence": float(measures.confidence),
            "below_0_5": sum(link.confidence < LOW_CONFIDENCE for link in links),
            "method": measures.method,
            "written": {**asdict(written), "left_to_people": left},
        }
    )


def store(session: Session, pair_id: int, links: Sequence[Link], source: Side, target: Side) -> tuple[Written, int]:
    """Store the links that overlap none of a person's; return what changed, and how many were left to people."""
    rows = [to_row(link, source, target) for link in links]
    held = [
        (placed(each.source, source.text), placed(each.target, target.text)) for each in list_held(session, pair_id)
    ]
    free = [row for row in rows if not any(overlaps(row, *each) for each in held)]
    return replace_automatic(session, pair_id, free), len(rows) - len(free)


def sides_of(pair: PairTexts) -> tuple[Side, Side]:
    """Split both documents into sentences.

    Raises:
        NothingToAlign: a document is missing or empty; the message names it.
        UnknownLanguage: a document is neither English nor French.
    """
    return (
        side_of("source", pair.source_job_id, pair.source_language, pair.source_text),
        side_of("target", pair.target_job_id, pair.target_language, pair.target_text),
    )


def side_of(name: str, job_id: int | None, language: str, text: str | None) -> Side:
    """Split one document into sentences, or say why that can't be done."""
    if job_id is None:
        raise NothingToAlign(f"The pair has no {name} document: set {name}_job_id to a job description.")
    if not (text or "").strip():
        raise NothingToAlign(f"The {name} document, job description {job_id}, has no text: fill its raw_content.")
    if language.partition("-")[0] not in LANGUAGES:
        raise UnknownLanguage(f"The {name} document's language is {language!r}; only en and fr can be aligned.")
    return Side(text or "", split_sentences(text or "", language))


def links_of(source: Side, target: Side, lexicon: Mapping[str, frozenset[str]]) -> tuple[Link, ...]:
    """Link the sentences of the two sides."""
    try:
        return align(
            [sentence.text for sentence in source.sentences],
            [sentence.text for sentence in target.sentences],
            opens=(source.opens, target.opens),
            lexicon=lexicon,
        )
    except TooLong as error:
        raise TextsTooLong(str(error)) from error


def to_row(link: Link, source: Side, target: Side) -> LinkRow:
    """Write a link as the schema has it: literal text, and its characters' places in `raw_content`."""
    left = source.range(link.source_start, link.source_end)
    right = target.range(link.target_start, link.target_end)
    return LinkRow(
        source_sentence=left.text if left else None,
        source_position_start=left.start if left else None,
        source_position_end=left.end if left else None,
        target_sentence=right.text if right else None,
        target_position_start=right.start if right else None,
        target_position_end=right.end if right else None,
        confidence_score=hundredths(link.confidence),
    )


def placed(place: Place | None, text: str) -> Place | None:
    """Return where a person's sentence stands in the text as it is today; None where it is no longer there."""
    if place is None:
        return None
    if place.start is not None and text[place.start : place.end] == place.text:
        return place
    start = text.find(place.text)
    return None if start < 0 else Place(place.text, start, start + len(place.text))


def overlaps(row: LinkRow, source: Place | None, target: Place | None) -> bool:
    """Does the link share a character with the sentences of another link?"""
    return touch(row.source_position_start, row.source_position_end, source) or touch(
        row.target_position_start, row.target_position_end, target
    )


def touch(start: int | None, end: int | None, place: Place | None) -> bool:
    """Have a range and a place a character in common?"""
    if start is None or end is None or place is None or place.start is None or place.end is None:
        return False
    return start < place.end and place.start < end


def measures_of(links: Sequence[Link]) -> PairMeasures:
    """Measure an alignment: the mean confidence of its links, and the share of sentences with a counterpart."""
    sizes = [(link.source_end - link.source_start, link.target_end - link.target_start) for link in links]
    linked = sum(left + right for left, right in sizes if left and right)
    return PairMeasures(
        method=STATISTICAL,
        quality=hundredths(linked / sum(left + right for left, right in sizes)),
        confidence=hundredths(fmean(link.confidence for link in links)),
    )


def hundredths(share: float) -> Decimal:
    """Cut to the two places of the schema's columns. Never up: 1.00 is for what is certain by rule."""
    return Decimal(share).quantize(HUNDREDTH, rounding=ROUND_DOWN)
