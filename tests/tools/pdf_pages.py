"""Look at the pages of a PDF for what a reader would call ugly: `python tests/tools/pdf_pages.py FILE.pdf`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber

SMALLEST = 8.0
_HEADING = 12.0
_TOLERANCE = 1.0
_MARGIN = 0.065  # share of the page's height that belongs to running headers and footers
_INVISIBLE = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw on one page."""

    page: int
    flaw: str
    text: str

    def __str__(self) -> str:
        return f"page {self.page}: {self.flaw}: {self.text!r}"


def look(pdf: bytes | Path, *, first: int = 1) -> list[Finding]:
    """Every flaw of the pages from `first` on. The last page may be short; no other may be nearly empty."""
    source = BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    with pdfplumber.open(source) as opened:
        pages = opened.pages
        return [
            Finding(page.page_number, flaw, text)
            for page in pages[first - 1 :]
            for flaw, text in _page_flaws(page, last=page.page_number == len(pages))
        ]


def _page_flaws(page: Any, *, last: bool) -> Iterator[tuple[str, str]]:
    words = page.extract_words(extra_attrs=["size", "upright"], use_text_flow=True, keep_blank_chars=False)
    body = [word for word in words if page.height * _MARGIN < word["top"] < page.height * (1 - _MARGIN)]
    if not body and not page.rects and not page.curves:
        yield "empty page", ""
        return
    yield from (("text outside the page", word["text"]) for word in words if _is_outside(word, page))
    yield from (
        ("text under 8 pt", word["text"]) for word in words if word["upright"] and word["size"] < SMALLEST - 0.01
    )
    yield from (("overlapping text", f"{one} / {other}") for one, other in _overlaps(words))
    yield from (("heading left alone at the end", text) for text in _orphan(body))
    if not last and body and max(word["bottom"] for word in body) < page.height * 0.35 and len(page.rects) < 2:
        yield "page less than a third full", body[-1]["text"]


def _is_outside(word: dict[str, Any], page: Any) -> bool:
    return bool(
        word["x0"] < -_TOLERANCE
        or word["x1"] > page.width + _TOLERANCE
        or word["top"] < -_TOLERANCE
        or word["bottom"] > page.height + _TOLERANCE
    )


def _overlaps(words: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    upright = sorted((word for word in words if word["upright"]), key=lambda word: word["top"])
    for index, one in enumerate(upright):
        for other in upright[index + 1 :]:
            if other["top"] > one["bottom"]:
                break
            if (
                _shared(one, other, "x0", "x1") > _TOLERANCE
                and _shared(one, other, "top", "bottom") > 0.45 * one["size"]
            ):
                yield one["text"], other["text"]


def _shared(one: dict[str, Any], other: dict[str, Any], start: str, end: str) -> float:
    return float(min(one[end], other[end]) - max(one[start], other[start]))


def _orphan(body: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The last line of the page, where it is set like a heading."""
    if not body:
        return
    bottom = max(word["bottom"] for word in body)
    line = [word for word in body if word["bottom"] > bottom - 3]
    if all(word["size"] >= _HEADING for word in line):
        yield " ".join(word["text"] for word in line)


def main(arguments: Sequence[str]) -> int:
    """Print the flaws of the named files; 1 if there are any."""
    findings = [(name, finding) for name in arguments for finding in look(Path(name))]
    for name, finding in findings:
        print(f"{name}: {finding}")  # noqa: T201 - it is what the script is for
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
