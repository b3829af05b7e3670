# ruff: noqa: RUF001 - typographic marks are what the tests are about
from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.seed import SAMPLES
from engines.text.sentences import split_sentences

DATA = Path(os.environ.get("DRAY_BENCHMARK_DATA", "missing")) / "gc_job_postings"

# What makes splitting hard, in any order.
HARD = (
    *(
        "M. Roy",
        "Mme",
        "p. ex.",
        "c.-à-d.",
        "art. 12",
        "No. 5",
        "Dr. J. Smith",
        "Ph.D.",
        "2,4 M$.",
        "Oui. ",
        "« Non. »",
    ),
    *("## Titre", "- un", "1. Deux.", "Label: value", "The end.", "A."),
)
PIECES = st.sampled_from([*HARD, *"\n?!…. \u00a0\u202f", "\n\n"])


def texts(text: str, language: str = "en") -> list[str]:
    return [sentence.text for sentence in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dr. J. Roy met Mr. Smith of St. Lawrence Ltd on Sept. 3", "en"),
        ("See s. 34(1), ss. 12 to 14 and No. 5 of the Act", "en"),
        ("Some tools, e.g. Excel, i.e. Microsoft's, vs. Others", "en"),
        ("The U.S. Government and the P.C. Office agree", "en"),
        ("It costs $2.4 million, or 2.4. times as much", "en"),
        ("M. Roy, Mme Côté et Me Leduc, p. ex. Ottawa, c.-à-d. Canada", "fr"),
        ("L’art. 12, l'al. 5(2)a), les art. 7 et 8 et la p. 3 de l’ann. II", "fr"),
        ("Voir c.\u2011à\u2011d. Ottawa (ex. PostgreSQL) et J. Le Blanc", "fr"),
        ("La somme de 2,4 M$ est versée au no. 5", "fr"),
        ("She asked: what? nobody knows", "en"),
        ("1. Plans the work", "en"),
        ("(a) Plans the work", "en"),
    ],
)
def test_these_are_one_sentence(text: str, language: str) -> None:
    assert texts(text + ".", language) == [text + "."]


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("The answer is no. Nobody asked.", "en", 2),
        ("Pens, paper, etc. The rest is bought.", "en", 2),
        ("She holds a Ph.D. The other does not.", "en", 2),
        ("It was made in the U.S. The parts were not.", "en", 2),
        ("It costs $2.4. That is all.", "en", 2),
        ("Really? Yes! Well… So be it.", "en", 4),
        ('He said "Stop." Then he left. (All did.) None stayed.', "en", 4),
        ("**Note.** Apply by June 3. 12 people did.", "en", 3),
        ("Elle a un Ph. D. Il n’en a pas.", "fr", 2),
        ("« Est-ce exact\u00a0? » Oui. « Non\u202f! » Fin.", "fr", 4),
        ("Stylos, papier, etc. Le reste est acheté. À la fin, 2,4 M$. Voilà.", "fr", 4),
        ("Voir l’art. 12. Le ministre décide.", "fr", 2),
    ],
)
def test_these_are_several(text: str, language: str, count: int) -> None:
    assert len(texts(text, language)) == count


def test_headings_items_and_lines_of_a_form_are_sentences_of_their_own() -> None:
    text = (
        "# WORK DESCRIPTION\nText that is\nwrapped. And more.\n- one\n* two\n1. Plans. Does.\n10) Last\n\n"
        "Title: Manager\nNumber: 208832\n\n---\n### End\n"
    )
    assert texts(text) == [
        *("# WORK DESCRIPTION", "Text that is\nwrapped.", "And more.", "- one", "* two", "1. Plans.", "Does."),
        *("10) Last", "Title: Manager", "Number: 208832", "---", "### End"),
    ]


def test_regional_names_of_languages_will_do() -> None:
    assert texts("M. Roy est là. Oui.", "fr-CA") == ["M. Roy est là.", "Oui."]


@given(st.lists(PIECES | st.text(max_size=5), max_size=15).map("".join), st.sampled_from(["en", "fr"]))
def test_sentences_are_literal_in_order_and_leave_only_space_between_them(text: str, language: str) -> None:
    end = 0
    for sentence in split_sentences(text, language):
        assert sentence.text == text[sentence.start : sentence.end] == sentence.text.strip() != ""
        assert not text[end : sentence.start].strip()
        assert not re.search(r"\n[ \t]*\n", sentence.text), "a sentence never spans a blank line"
        end = sentence.end
    assert not text[end:].strip()


def test_dots_without_end_take_no_time() -> None:
    assert len(texts("." * 100_000 + "x " + "a-" * 50_000)) == 1


def test_sample_descriptions_end_where_a_reader_says() -> None:
    for path in sorted((SAMPLES / "job_descriptions").glob("*.md")):
        body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
        for sentence in texts(body, path.name.split(".")[-2]):
            marks = ("#", "-", *"123456789")
            whole = sentence.endswith((".", ":", ")")) or sentence.startswith(marks) or re.match(r"[^.]+ ?: ", sentence)
            assert whole, sentence


@pytest.mark.skipif(not DATA.exists(), reason="DRAY_BENCHMARK_DATA names no folder with gc_job_postings")
def test_real_postings_are_cut_only_where_a_sentence_can_end() -> None:
    for path in sorted(DATA.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        sentences = split_sentences(text, path.name.split(".")[-2])
        for before, after in pairwise(sentences):
            if "\n" not in text[before.end : after.start]:
                assert re.search(r"[.!?…][\"'”’»)\]*_\s\u00a0]*$", before.text), before.text
                assert not re.search(r"\b(?:p\. ex|c\.-à-d|i\.e|e\.g|M|Mme|Dr|art)\.$", before.text), before.text
