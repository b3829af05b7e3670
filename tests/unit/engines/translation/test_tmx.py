from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from engines.translation.segments import LONGEST_SEGMENT
from engines.translation.tmx import MOST_ELEMENTS, OWN, TOO_LARGE, NotTmx, TmxReader, Unit

HEAD = '<tmx version="1.4"><header srclang="en"/><body>'
TAIL = "</body></tmx>"
ROOT = Path(__file__).resolve().parents[4]
STATM = Path("/proc/self/statm")
PAIR = '<tu><tuv xml:lang="en"><seg>{}</seg></tuv><tuv xml:lang="fr"><seg>{}</seg></tuv></tu>'


def read(document: str | bytes, *, piece: int = 11) -> tuple[list[Unit], TmxReader]:
    content = document.encode() if isinstance(document, str) else document
    reader = TmxReader("en", "fr")

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(content), piece):
            yield content[start : start + piece]

    return list(reader.units(pieces())), reader


def body(units: str) -> str:
    return HEAD + units + TAIL


def segment(inner: str) -> str:
    [unit] = read(body(PAIR.format(inner, "oui")))[0]
    return unit.source


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_that_tools_write_is_read(encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    declared = "UTF-16" if "16" in encoding else "UTF-8"
    document = f'<?xml version="1.0" encoding="{declared}"?>' + body(PAIR.format("Lock", "Écluse"))
    [unit], _ = read(marks.get(encoding, b"") + document.encode(encoding))
    assert (unit.source, unit.target) == ("Lock", "Écluse")


@pytest.mark.parametrize("english", ["en", "EN", "en-CA", "EN-US", "en_GB", " en "])
@pytest.mark.parametrize("attribute", ["xml:lang", "lang"])
def test_a_language_counts_whatever_its_region_case_and_attribute(english: str, attribute: str) -> None:
    variants = f'<tuv {attribute}="{english}"><seg>a</seg></tuv><tuv {attribute}="fr-CA"><seg>b</seg></tuv>'
    units, _ = read(body(f"<tu>{variants}</tu>"))
    assert [(unit.source, unit.target) for unit in units] == [("a", "b")]


def test_each_variant_of_a_language_makes_a_pair() -> None:
    variants = "".join(
        f'<tuv xml:lang="{language}"><seg>{text}</seg></tuv>'
        for language, text in [("en", "a"), ("fr-CA", "b"), ("fr-FR", "c"), ("fr-BE", "b"), ("de", "d")]
    )
    units, _ = read(body(f"<tu>{variants}</tu>"))
    assert [(unit.source, unit.target) for unit in units] == [("a", "b"), ("a", "c")]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('A <hi type="bold">wide</hi> lock', "A wide lock"),
        ('A <bpt i="1">&lt;b&gt;</bpt>wide<ept i="1">&lt;/b&gt;</ept> lock', "A wide lock"),
        ('A <ph x="1">&lt;img alt="<sub>a picture</sub>"/&gt;</ph> lock', "A lock"),
        ('one<ph type="lb">&lt;br/&gt;</ph>two', "one two"),
        ("H<it pos='begin'>&lt;sub&gt;</it>2O", "H2O"),
        ("<hi>a <hi>b <ph>x</ph>c</hi></hi> d", "a b c d"),
        ("  a\n\t b &#8232; c ", "a b c"),
        ("12\u00a0000\u00a0$", "12\u00a0000\u00a0$"),
        ("e\u0301cluse", "\u00e9cluse"),
        ("<![CDATA[a < b]]><!-- no --> c", "a < b c"),
    ],
)
def test_inline_codes_are_left_out_and_space_is_made_even(inner: str, text: str) -> None:
    assert segment(inner) == text


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ('<tu><tuv xml:lang="en"><seg>a</seg></tuv></tu>', "no fr"),
        ('<tu><tuv xml:lang="fr"><seg>a</seg></tuv></tu>', "no en"),
        ("<tu/>", "no en"),
        (PAIR.format("a", "  "), "empty segment"),
        (PAIR.format("<ph>x</ph>", "b"), "empty segment"),
        (PAIR.format("a", "b\ufffd"), "illegible characters"),
        (PAIR.format("a", "b&#x92;"), "illegible characters"),
        (PAIR.format("a" * (LONGEST_SEGMENT + 1), "b"), "longer than 10,000 characters"),
        ('<tu><tuv xml:lang="en"/><tuv xml:lang="fr"><seg>b</seg></tuv></tu>', "not one segment in a variant"),
        ("<tu>" + '<tuv xml:lang="fr"><seg>b</seg></tuv>' * 21 + "</tu>", "more than 20 variants"),
        (
            "<tu>"
            + "".join(f'<tuv xml:lang="{tag}"><seg>{n}</seg></tuv>' for n in range(5) for tag in ("en", "fr"))
            + "</tu>",
            "more than 20 pairs",
        ),
        ("<tu>" + "<note/>" * MOST_ELEMENTS + PAIR[4:].format("x", "y"), TOO_LARGE),
        ("<tu>" + f"<note>{'n' * 1_000_000}</note>" * 5 + PAIR[4:].format("x", "y"), TOO_LARGE),
    ],
)
def test_what_one_unit_lacks_costs_that_unit_alone(unit: str, reason: str) -> None:
    units, reader = read(body(PAIR.format("a", "b") + unit + PAIR.format("c", "d")), piece=max(11, len(unit) // 1_000))
    assert [(unit.source, unit.target) for unit in units] == [("a", "b"), ("c", "d")]
    assert (reader.read, dict(reader.skipped)) == (3, {reason: 1})


BOMB = '<!ENTITY a "hahahahaha">' + "".join(
    f'<!ENTITY {outer} "{f"&{inner};" * 20}">' for inner, outer in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_a_document_type_is_no_matter_and_entities_of_the_files_own_stay_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("top secret")
    plain = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">' + body(PAIR.format("a", "b"))
    assert len(read(plain)[0]) == 1
    entities = (
        f'<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY i "internal">'
        '<!ENTITY % y SYSTEM "http://127.0.0.1:9/z.dtd">%y;'
    )
    hostile = f"<!DOCTYPE tmx [{entities}]>" + body(
        PAIR.format("&i;", "b") + PAIR.format("&x;", "b") + PAIR.format("a &amp; &lt;b&gt; &#233;", "c")
    )
    units, reader = read(hostile)
    assert [unit.source for unit in units] == ["a & <b> é"]
    assert dict(reader.skipped) == {"an entity of the file's own": 2}


@pytest.mark.parametrize("unit", ['<tu tuid="&i;"/>', PAIR.format("&i;", "b")])
def test_an_entity_bomb_is_refused(unit: str) -> None:
    with pytest.raises(NotTmx, match="line 1: Maximum entity amplification"):
        read(f"<!DOCTYPE tmx [{BOMB}]>" + body(unit))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "line 1"),
        ("job_number;title\n1;Analyst", "line 1"),
        (b"PK\x03\x04\x14\x00", "line 1"),
        ("<html>\n<body/></html>", "its root is <html>"),
        (body("\n\n<tu><tuv></tu>"), "line 3"),
        (HEAD + "\n" + PAIR.format("a", "b"), "line 2"),
        (body(PAIR.format("a\x01", "b")), "line 1"),
        (body("<tu>" * 300 + "</tu>" * 300), "line 1"),
    ],
)
def test_what_is_no_tmx_is_refused_with_its_line_and_what_was_expected(document: str | bytes, said: str) -> None:
    with pytest.raises(NotTmx) as refusal:
        read(document)
    assert said in str(refusal.value)
    assert "Expected was a TMX file" in str(refusal.value)


def test_what_a_unit_says_of_itself_is_kept_and_nothing_else() -> None:
    unit = (
        '<tu tuid="7" creationid="eve" changedate="20260101T000000Z" datatype="plaintext">'
        '<prop type="x-Domain">canals</prop><prop type="subdomain">locks</prop><prop type="x-quality-score">0.85</prop>'
        '<prop type="x-context_hash">abc</prop><prop type="act">An Act</prop><note>no</note>'
        '<tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="fr"><seg>b</seg></tuv></tu>'
    )
    [read_unit], _ = read(body(unit))
    assert read_unit == Unit(
        "a",
        "b",
        domain="canals",
        subdomain="locks",
        context_hash="abc",
        quality=Decimal("0.85"),
        metadata={
            "tuid": "7",
            "creationid": "eve",
            "changedate": "20260101T000000Z",
            "properties": {"act": "An Act"},
        },
    )


@pytest.mark.parametrize("score", ["", "good", "85", "-1", "NaN", "Infinity"])
def test_a_quality_that_is_no_score_is_none(score: str) -> None:
    prop = f'<prop type="quality_score">{score}</prop>'
    [unit], _ = read(body(PAIR.format("a", "b").replace("<tu>", f"<tu>{prop}")))
    assert unit.quality is None


@pytest.mark.skipif(not STATM.exists(), reason="only Linux tells a process how much memory it has")
def test_a_large_file_is_read_in_little_memory() -> None:
    reader, filler = TmxReader("en", "fr"), "x" * 500

    def pieces() -> Iterator[bytes]:
        yield HEAD.encode()
        for number in range(20_000):
            yield PAIR.format(f"{number} {filler}", filler).encode()

    def resident() -> int:
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    before, largest = resident(), 0
    for number, _ in enumerate(islice(reader.units(pieces()), 20_000)):
        if number % 1_000 == 0:
            largest = max(largest, resident())
    assert largest - before < 8_000_000


# 20 MB each, of one part again and again: what comes before it, the part, what comes after it.
HOSTILE = {
    "elements that are no units": ("<tmx><body>", "<a b='of some length, as it were'/>", "</body></tmx>"),
    "elements with text between them": ("<tmx><body>", "<a b='1'/>text that comes after it", "</body></tmx>"),
    "a header that never ends": ("<tmx><header>", '<prop type="a">b</prop>', "</header></tmx>"),
    "one unit of everything": ("<tmx><body><tu>", "<note>a note of some length</note>", "</tu></body></tmx>"),
    "a long unit in every pair": (
        "<tmx><body>",
        "<tu "
        + " ".join(f'{name}="{"x" * 100_000}"' for name in OWN)
        + ">"
        + "".join(f'<tuv xml:lang="{tag}"><seg>{n}</seg></tuv>' for n in range(4) for tag in ("en", "fr"))
        + "</tu>",
        "</body></tmx>",
    ),
    "comments": ("<tmx><body>", "<!-- no -->", "</body></tmx>"),
    "declarations": ("<!DOCTYPE tmx [", '<!ENTITY a "b"><!ELEMENT c ANY>', "]><tmx/>"),
}
MEASURE = r"""
import resource, sys
from collections import deque
from engines.translation.tmx import NotTmx, TmxReader

def pieces(before, part, after):
    yield before.encode()
    many = part.encode() * (65_536 // len(part) + 1)
    for _ in range(20_000_000 // len(many)):
        yield many
    yield after.encode()

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

before = peak()
held = deque(maxlen=1_000)
try:
    for unit in TmxReader("en", "fr").units(pieces(*sys.stdin.read().split("\0"))):
        held.append(unit)
except NotTmx as refusal:
    print(refusal, file=sys.stderr)
print(peak() - before)
"""


@pytest.mark.skipif(not STATM.exists(), reason="only Linux counts a process's memory in these units")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_little_memory(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input="\0".join(HOSTILE[name]),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert int(done.stdout) < 30_000_000


def test_what_a_unit_says_of_itself_is_cut() -> None:
    long = "x" * 10_000
    unit = f'<tu tuid="{long}"><prop type="act">{long}</prop>' + PAIR[4:].format("a", "b")
    [read_unit], _ = read(body(unit), piece=1_000)
    assert read_unit.metadata == {"tuid": long[:500], "properties": {"act": long[:500]}}


def test_the_federal_acts_are_read_whole() -> None:
    folder = os.environ.get("DRAY_BENCHMARK_DATA")
    if not folder or not (path := Path(folder) / "gc_laws_en_fr.tmx").is_file():
        pytest.skip("DRAY_BENCHMARK_DATA names no folder with gc_laws_en_fr.tmx")
    units, reader = read(path.read_bytes(), piece=1 << 16)
    assert (len(units), reader.read, dict(reader.skipped)) == (7_900, 7_900, {})
    assert units[2].source == "This Act may be cited as the Public Service Employment Act."
    assert units[2].metadata["properties"] == {"act": "Public Service Employment Act", "kind": "Text"}
