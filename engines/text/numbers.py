"""Numbers of running text, whatever language wrote them."""

from __future__ import annotations

import re
from decimal import Decimal

# 1,085,000 and 1 085 000 and 1085000; 2.4 and 2,4. Groups of three are thousands.
NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:[.,]\d+)?(?![\d])|(?<![\w.,])\d+(?:[.,]\d+)?(?![\d])"
)
GROUPS = re.compile(r"[\u00a0\u202f ]")


def find_numbers(text: str) -> tuple[Decimal, ...]:
    """Return the numbers of `text` in their order: `$1,085,000` and `1 085 000 $` are the same."""
    return tuple(read_number(match.group()) for match in NUMBER.finditer(text))


def read_number(written: str) -> Decimal:
    """Read a number as English or French writes it."""
    plain = GROUPS.sub("", written)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        return Decimal(plain.replace(",", ""))
    return Decimal(plain.replace(",", "."))
