"""Numbers of running text, whatever language wrote them.

`$1,085,000` and `1 085 000 $` are the same, and so are `2.4` and `2,4`. Numbers are found without sign, unit and scale:
`-3 %` gives 3, `$2.4 million` and `2,4 M$` give 2.4. Dates and times give their parts: `2026-10-01` gives 2026, 10 and
1, `16 h 30` gives 16 and 30. What is the tail of a name is no number: `AS-05`, `COVID-19`, `B2B`.

One thing no reader can tell without knowing the language: `12,345` is read as twelve thousand, as English means it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

# What groups the thousands besides the comma: space, no-break, narrow no-break and thin space.
SPACES = " \u00a0\u202f\u2009"
# A number is not the middle of a word; but `16h30` is a time.
BEGINS = r"(?:(?<!\w)|(?<=[0-9]h))"
# `1,2,3` and `4.1.2` are lists of whole numbers: no decimal of either kind touches another.
ALONE_BEFORE, ALONE_AFTER = r"(?<![0-9][.,])", r"(?![0-9])(?![.,][0-9])"
NUMBER = re.compile(
    rf"(?P<name>(?<!\w)[^\W\d_]\w*(?:[-\u2011]\w+){{0,3}}[-\u2011][0-9]+(?:[.,][0-9]+)*)"
    rf"|{BEGINS}{ALONE_BEFORE}(?:"
    rf"[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?{ALONE_AFTER}"
    rf"|[1-9][0-9]{{0,2}}(?:[{SPACES}][0-9]{{3}})+(?:[.,][0-9]+)?{ALONE_AFTER}"
    rf"|[0-9]+[.,][0-9]+{ALONE_AFTER})"
    rf"|{BEGINS}[0-9]+"
)
ENGLISH_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def find_numbers(text: str) -> tuple[Decimal, ...]:
    """Return the numbers of `text` in their order: `$1,085,000` and `1 085 000 $` are the same."""
    return tuple(read_number(written) for written in _written(text))


def read_number(written: str) -> Decimal:
    """Read a number as English or French writes it, without sign or unit."""
    if ENGLISH_GROUPS.fullmatch(written):
        return Decimal(written.replace(",", ""))
    plain = written.translate(dict.fromkeys(map(ord, SPACES)))
    return Decimal(plain.replace(",", "."))


def _written(text: str) -> Iterator[str]:
    for match in NUMBER.finditer(text):
        if match["name"] is None:
            yield match.group()
