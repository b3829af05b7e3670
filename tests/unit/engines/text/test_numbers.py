from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.text.numbers import find_numbers, read_number

DATA = Path(os.environ.get("DRAY_BENCHMARK_DATA", "missing")) / "gc_laws_en_fr.tmx"
AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("$1,085,000", "1085000"),
        ("1 085 000 $, 1\u00a0085\u00a0000 $ et 1\u202f085\u202f000 $", "1085000 1085000 1085000"),
        ("$2.4 million, 2,4 M$", "2.4 2.4"),
        ("50% = 50 %", "50 50"),
        ("1,085,000.50 = 1 085 000,50", "1085000.50 1085000.50"),
        ("sections 12, 15 and 16", "12 15 16"),
        ("1,2,3 and 4.1.2", "1 2 3 4 1 2"),
        ("2026-10-01, 01.10.2026, 2025-26", "2026 10 1 1 10 2026 2025 26"),
        ("16 h 30, 16h30, 16:30", "16 30 16 30 16 30"),
        ("AS-05, EN-ENG-05, COVID-19, P-33.01, B2B", ""),
        ("a 48-hour limit, the 1st, le 1er, 2e", "48 1 1 2"),
        ("0,125 of 0.125", "0.125 0.125"),
        ("en 2026 410 employés", "2026 410"),
        ("paragraph 20.1(b) of s. 5(2)", "20.1 5 2"),
        ("It is 41,500. Then 9.", "41500 9"),
        ("CA$40,000, 1/2, 24/7", "40000 1 2 24 7"),
        ("", ""),
    ],
)
def test_numbers_are_found_however_they_are_written(text: str, numbers: str) -> None:
    assert find_numbers(text) == tuple(map(Decimal, numbers.split()))


@given(AMOUNTS, st.sampled_from(" \u00a0\u202f\u2009"))
def test_english_and_french_write_the_same_amount(amount: Decimal, space: str) -> None:
    english = f"{amount:,.2f}"
    french = english.replace(",", space).replace(".", ",")
    assert find_numbers(f"It costs ${english}.") == find_numbers(f"Il en coûte {french} $.") == (amount,)
    assert read_number(english) == read_number(french) == amount


@given(st.integers(min_value=0, max_value=10**9))
def test_whole_numbers_are_read_with_and_without_groups(number: int) -> None:
    assert find_numbers(f"{number}, {number:,}; {number:_}".replace("_", "\u00a0")) == (Decimal(number),) * 3


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    assert all(number >= 0 for number in find_numbers(text))


@pytest.mark.skipif(not DATA.exists(), reason="DRAY_BENCHMARK_DATA names no folder with gc_laws_en_fr.tmx")
def test_both_languages_of_real_acts_have_mostly_the_same_numbers() -> None:
    same = times = 0
    for unit in ET.parse(DATA).iter("tu"):
        english, french = (sorted(find_numbers(segment.text or "")) for segment in unit.iter("seg"))
        times += bool(english)
        same += bool(english) and english == french
    assert same / times > 0.75
