"""The finders of wording: patterns, terms, sentences. Each makes a function from a document to its matches."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from engines.compliance.document import Document
from engines.compliance.findings import Severity
from engines.compliance.rule import Finder, Match
from engines.compliance.sections import TOMBSTONE

Place = Callable[[Document, int], bool]
Replacement = Callable[[re.Match[str]], str | None]


def anywhere(_document: Document, _place: int) -> bool:
    """Every place."""
    return True


def in_body(document: Document, place: int) -> bool:
    """Outside headings."""
    return not document.in_heading(place)


def in_prose(document: Document, place: int) -> bool:
    """In a paragraph or an item, so neither in a heading nor in the tombstone's labels."""
    section = document.section_at(place)
    return in_body(document, place) and section is not None and section.type != TOMBSTONE


def pattern(
    expression: str,
    *,
    where: Place = in_body,
    unless: str | None = None,
    replacement: Replacement | None = None,
    advice: Callable[[re.Match[str]], str] | None = None,
    case: bool = False,
) -> Finder:
    """Find `expression` (its group `flag` where it has one), unless `unless` is in the same sentence."""
    wanted = re.compile(expression, 0 if case else re.IGNORECASE)
    excuse = re.compile(unless, re.IGNORECASE) if unless else None

    def find(document: Document) -> Iterator[Match]:
        # A sentence is asked once, however much is found in it.
        excused = cache(lambda sentence: bool(excuse and excuse.search(sentence)))
        for match in wanted.finditer(document.masked):
            start, end = match.span("flag" if match.groupdict().get("flag") else 0)
            if start == end or not where(document, start):
                continue
            if excuse and excused(document.sentence_at(start)):
                continue
            yield Match(
                start,
                end,
                advice=advice(match) if advice else None,
                replacement=replacement(match) if replacement else None,
            )

    return find


def terms(instead: Mapping[str, str], *, where: Place = in_body, advice: str = "Write {instead}.") -> Finder:
    """Find whole words, in either case and with a plural `s`, and say what to write instead."""
    longest_first = sorted(instead, key=len, reverse=True)
    words = "|".join(re.escape(term).replace("’", "[’']").replace(r"\ ", r"[\s\u00a0]+") for term in longest_first)
    plain = {key(term): better for term, better in instead.items()}

    def advise(match: re.Match[str]) -> str:
        return advice.format(instead=plain[key(match["term"])])

    return pattern(rf"(?<![\w-])(?P<flag>(?P<term>{words})s?)(?![\w-])", where=where, advice=advise)


def key(term: str) -> str:
    """Tell terms apart by their letters alone."""
    return " ".join(term.casefold().replace("’", "'").split())


def long_sentences(limit: int, very_long: int) -> Finder:
    """Find the sentences of more than `limit` words; beyond `very_long` they matter more."""

    def find(document: Document) -> Iterator[Match]:
        for sentence, _ in document.sentences:
            count = count_words(sentence.text)
            if count > limit:
                advice = f"This sentence has {count} words. Divide it: one idea a sentence, {limit} words at most."
                severity = Severity.MEDIUM if count > very_long else None
                yield Match(sentence.start, sentence.end, advice=advice, severity=severity)

    return find


def count_words(text: str) -> int:
    """Count what holds a letter or a digit between spaces. Spaces within a number do not divide it."""
    joined = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)", "", text)
    return sum(1 for word in joined.split() if any(letter.isalnum() for letter in word))


def double_words(grammatical: frozenset[str]) -> Finder:
    """Find a word written twice by mistake; the `grammatical` ones may stand twice, and so may a name."""

    def better(match: re.Match[str]) -> str:
        return match["word"]

    twice = pattern(
        r"(?<![\w’'\-])(?P<flag>(?P<word>[^\W\d_]{2,})[ \t\u00a0]+(?P<again>(?P=word)))(?![\w’'\-])",
        replacement=better,
    )

    def find(document: Document) -> Iterator[Match]:
        for match in twice(document) or ():
            first, again = document.text[match.start : match.end].split()
            if again.islower() and first.casefold() not in grammatical:
                yield match

    return find


def capitals(least: int) -> Finder:
    """Find `least` and more words in a row that are all in capitals, in prose and items."""
    run = re.compile(rf"(?:[^\W\d_a-zß-öø-ÿ]+[^\w\n]+){{{least - 1},}}[^\W\d_]+")

    def find(document: Document) -> Iterator[Match]:
        for block in document.blocks:
            for match in run.finditer(block.text):
                words = [word for word in re.findall(r"[^\W\d_]+", match.group()) if word.isupper()]
                if len(words) >= least and sum(map(len, words)) > 4 * least:
                    yield Match(block.start + match.start(), block.start + match.end())

    return find


# Words that a text of one language is full of, and that are rare in the other.
ENGLISH = """
    the of and to for with that is are this which be by from their will must as it have has its or was not these we you
    your our they can may should at who all other when more
"""
FRENCH = """
    le la les des du de et est dans pour avec que qui une un au aux sur par leur leurs ce cette ces ou son sa ses sont
    être en plus il elle vous nous votre notre pas ne se à afin ainsi dont lors
"""
FUNCTION_WORDS = {"en": frozenset(ENGLISH.split()), "fr": frozenset(FRENCH.split())}


def foreign_passages(least: int = 8) -> Finder:
    """Find sentences of at least `least` words in the other official language.

    Neighbours are one passage, with what stands between them and is too short to tell.
    """

    def find(document: Document) -> Iterator[Match]:
        passage: Match | None = None
        reach = 0
        for sentence, _ in document.sentences:
            own, other, words = count_function_words(sentence.text, document.language)
            if passage and document.text[reach : sentence.start].strip(BULLETS):
                yield passage
                passage = None
            if words >= least and other >= max(3, words // 8) and other > 3 * own:
                passage = Match(passage.start if passage else sentence.start, sentence.end)
            elif passage and own:
                yield passage
                passage = None
            reach = sentence.end
        if passage:
            yield passage

    return find


BULLETS = " \t\r\n-*•0123456789.)"


def count_function_words(text: str, language: str) -> tuple[int, int, int]:
    """Count the function words of the language, those of the other one, and all words."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    other = "fr" if language == "en" else "en"
    own, foreign = (sum(word in FUNCTION_WORDS[one] for word in words) for one in (language, other))
    return own, foreign, len(words)
