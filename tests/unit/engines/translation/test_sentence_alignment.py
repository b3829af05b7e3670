# ruff: noqa: RUF001 - French is typeset with its own apostrophe
from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.repositories.alignments import Alignment, LinkRow, Place, side_by_side
from db.seed import SAMPLES
from engines.text.sentences import split_sentences
from engines.translation.alignment import Link, TooLong, align
from engines.translation.headings import role_of
from engines.translation.lengths import LengthModel
from engines.translation.programme import best_chain
from tasks.alignment import overlaps, placed

ROOT = Path(__file__).parents[4]
DATA = os.environ.get("DRAY_BENCHMARK_DATA")

MARKED = ("## DIMENSIONS", "## Autre", "- Sites: 23", "1. Plans the work.", "Budget salarial : 1 085 000 $", "AS-05")
PLAIN = ("The Manager has 14 employees in Cornwall.", "Oui.", "Le poste relève de la direction.", "x", "")
SENTENCES = st.lists(st.sampled_from(MARKED + PLAIN) | st.text(max_size=40), max_size=12)


def beads(links: Sequence[Link]) -> list[tuple[int, int, int, int]]:
    return [(link.source_start, link.source_end, link.target_start, link.target_end) for link in links]


def sample(name: str) -> tuple[list[str], list[str]]:
    sides = []
    for language in ("en", "fr"):
        body = (SAMPLES / "job_descriptions" / f"{name}.{language}.md").read_text("utf-8").split("---\n", 2)[2]
        sides.append([sentence.text for sentence in split_sentences(body, language)])
    return sides[0], sides[1]


@settings(deadline=None)
@given(SENTENCES, SENTENCES)
def test_every_sentence_is_in_exactly_one_link_and_links_go_on(source: list[str], target: list[str]) -> None:
    i = j = 0
    for link in align(source, target):
        assert (link.source_start, link.target_start) == (i, j) or not (source and target)
        i, j = max(i, link.source_end), max(j, link.target_end)
        assert 0 <= link.confidence <= 1
        assert link.bead in {"1-1", "1-0", "0-1", "2-1", "1-2", "2-2", "3-1", "1-3", "4-1", "1-4"}
    assert (i, j) == (len(source), len(target))


@settings(deadline=None)
@given(SENTENCES)
def test_a_text_is_its_own_translation(text: list[str]) -> None:
    assert beads(align(text, text)) == [(i, i + 1, i, i + 1) for i in range(len(text))]


def test_what_english_says_in_one_sentence_and_french_in_two() -> None:
    source = [
        "The fleet is to be renewed by 2031.",
        "The Manager ranks the 96 replacements, and every station becomes a small project with a permit.",
        "Managers expect a quick answer.",
    ]
    target = [
        "Le parc automobile doit être renouvelé d’ici 2031.",
        "Le gestionnaire classe les 96 remplacements par priorité.",
        "Chaque borne devient ainsi un petit projet, avec un permis.",
        "Les gestionnaires attendent une réponse rapide.",
    ]
    assert [link.bead for link in align(source, target)] == ["1-1", "1-2", "1-1"]
    assert [link.bead for link in align(target, source)] == ["1-1", "2-1", "1-1"]


# The places where the two languages of the samples cut differently, read by eye; all other links are 1-1.
@pytest.mark.parametrize(
    ("name", "uneven"),
    [
        (
            "as-05-manager-administrative-services",
            {"The Manager has": "1-2", "In May the Mana": "1-2", "The Manager ana": "1-3", "The Manager coo": "2-1"}
            | {"4. Manages the ": "2-1", "7. Administers ": "1-2"},
        ),
        (
            "ex-01-director-waterway-operations-planning",
            {"A decision that": "1-2", "The Director ne": "1-2", "The Director le": "1-4", "Outside the Ser": "1-2"}
            | {"2. Develops the": "2-1", "7. Manages the ": "1-2"},
        ),
    ],
)
def test_the_samples_are_aligned_as_a_reader_would(name: str, uneven: dict[str, str]) -> None:
    source, target = sample(name)
    links = align(source, target)
    assert {source[link.source_start][:15]: link.bead for link in links if link.bead != "1-1"} == uneven
    assert min(link.confidence for link in links) > 0.8


@pytest.mark.parametrize("section", ["NATURE AND SCOPE", "DIMENSIONS", "SPECIFIC ACCOUNTABILITIES"])
def test_a_missing_section_shifts_nothing_else(section: str) -> None:
    source, target = sample("as-05-manager-administrative-services")
    whole = {
        source[link.source_start]: target[link.target_start] for link in align(source, target) if link.bead == "1-1"
    }
    start = source.index(f"## {section}")
    end = next(place for place in range(start + 1, len(source)) if source[place].startswith("## "))
    shortened = source[:start] + source[end:]
    links = align(shortened, target)
    found = {shortened[link.source_start]: target[link.target_start] for link in links if link.bead == "1-1"}
    assert {text: whole[text] for text in found if text in whole} == found
    assert len(found) >= len([text for text in whole if text in shortened]) - 1


def test_a_moved_section_pins_nothing() -> None:
    source = ["## DIMENSIONS", "a b c", "## EDUCATION", "d e f", "## EFFORT", "g"]
    target = ["## ÉTUDES", "d e f", "## DIMENSIONS", "a b c", "## EFFORTS", "g"]
    pinned = [link for link in align(source, target) if link.confidence == 1.0 and link.bead == "1-1"]
    assert (4, 5, 4, 5) in beads(pinned)
    assert len(pinned) <= 2


def test_a_glossary_tells_apart_what_lengths_cannot() -> None:
    source, target = ["The lock.", "The weir."], ["Le seuil.", "L’écluse."]
    lexicon = {"lock": frozenset({"écluse"}), "weir": frozenset({"seuil", "déversoir"})}
    assert [link.bead for link in align(source, target)] == ["1-1", "1-1"]
    plain = align(source, target)
    known = align(source, target, lexicon=lexicon)
    assert known[0].confidence < plain[0].confidence


def test_confidence_falls_where_numbers_disagree() -> None:
    source = [f"The unit number {n} has an office of its own in Ottawa." for n in (11, 12, 13, 14)]
    target = [f"Le service numéro {n} a son propre bureau à Ottawa." for n in (11, 12, 13, 14)]
    wrong = [text.replace("12", "14") for text in target]
    assert align(source, wrong)[1].confidence < align(source, target)[1].confidence


def test_texts_with_nothing_opposite() -> None:
    assert beads(align(["a", "b"], [])) == [(0, 1, 0, 0), (1, 2, 0, 0)]
    assert beads(align([], ["a"])) == [(0, 0, 0, 1)]
    assert align([], []) == ()


def test_too_much_at_once_is_said_and_not_tried() -> None:
    with pytest.raises(TooLong, match="5000 and 5000 sentences are too many"):
        align(["x"] * 5000, ["x"] * 5000)


def test_five_hundred_sentences_take_less_than_two_seconds() -> None:
    source = [f"Sentence {n} speaks of {n % 7} plans and of the regional budget." for n in range(500)]
    target = [f"La phrase {n} parle de {n % 7} plans et du budget régional." for n in range(500)]
    began = time.process_time()
    links = align(source, target)
    assert time.process_time() - began < 2
    assert sum(link.bead == "1-1" for link in links) == 500


def test_probabilities_of_all_chains_sum_to_one() -> None:
    # One sentence on each side: together, or each alone in either order.
    together, alone = -1.0, -2.0
    [step] = best_chain({(1, 1): np.array([[together]])}, alone=alone, rows=1, columns=1)
    weights = np.exp([together, 2 * alone, 2 * alone])
    assert step.probability == pytest.approx(weights[0] / weights.sum())


def test_lengths_fit_best_at_the_ratio() -> None:
    lengths = np.array([50.0, 100.0, 120.0, 150.0, 200.0, 400.0])
    scores = LengthModel(lengths, ratio=1.2).score(np.array([100.0]), lengths, pieces=1)[0]
    assert int(scores.argmax()) == 2
    assert scores[2] > 0 > scores[5]


@pytest.mark.parametrize(
    ("text", "label", "body"),
    [
        ("## ÉTENDUE DES RESPONSABILITÉS", "heading 2", "ÉTENDUE DES RESPONSABILITÉS"),
        ("3. Directs the work.", "ordinal", "Directs the work."),
        ("- Sites: 23", "bullet", "Sites: 23"),
        ("Position Number: 208832", "field", "Position Number: 208832"),
        ("WORKING CONDITIONS", "heading", "WORKING CONDITIONS"),
        ("The work is done.", "text", "The work is done."),
    ],
)
def test_a_sentence_tells_what_it_is_on_the_page(text: str, label: str, body: str) -> None:
    assert (role_of(text).label, role_of(text).body) == (label, body)


def test_the_same_section_has_one_name_in_both_languages() -> None:
    english = ["## General Accountability", "NATURE AND SCOPE", "# Work Description", "## Specific Accountabilities"]
    french = [
        "## RESPONSABILITÉS GÉNÉRALES",
        "NATURE ET PORTÉE",
        "# Description de travail",
        "## Responsabilités particulières",
    ]
    assert [role_of(text).concept for text in english] == [role_of(text).concept for text in french]
    assert all(role_of(text).concept for text in english)


def stored(id_: int, source: int | None, target: int | None) -> Alignment:
    return Alignment(
        id=id_,
        source_sentence=None if source is None else "s",
        source_position_start=source,
        source_position_end=None,
        target_sentence=None if target is None else "t",
        target_position_start=target,
        target_position_end=None,
        confidence_score=None,
        alignment_type=None,
        alignment_method=None,
        quality_rating=None,
        reviewed_by=None,
    )


def test_links_are_read_side_by_side() -> None:
    links = [stored(1, None, 5), stored(2, 10, 9), stored(3, 0, 0), stored(4, 20, None), stored(5, None, 30)]
    assert [link.id for link in side_by_side(links)] == [3, 1, 2, 4, 5]


def test_a_persons_sentence_is_found_where_it_stands_today() -> None:
    assert placed(Place("two", 4, 7), "one two") == Place("two", 4, 7)
    assert placed(Place("two", 4, 7), "before one two") == Place("two", 11, 14)
    assert placed(Place("two", 4, 7), "gone") is None
    row = LinkRow("x", 10, 20, None, None, None, None)
    assert overlaps(row, Place("y", 19, 25), None)
    assert not overlaps(row, Place("y", 20, 25), Place("z", 10, 20))


@pytest.mark.full
@pytest.mark.skipif(not DATA, reason="DRAY_BENCHMARK_DATA names no folder with gc_laws_en_fr.tmx")
def test_known_links_of_real_acts_are_found() -> None:
    command = [sys.executable, "benchmarks/alignment.py"]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stdout.decode() + ended.stderr.decode()
