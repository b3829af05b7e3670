"""`memory.align`: every sample pair of translated documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from cli.api_client import ApiRefused
from cli.commands.alignment import summary
from cli.demo.steps.base import Demo, Row
from engines.text.sentences import split_sentences

# What fits beside the confidence on a line of 100 characters.
WIDTH = 88
SHOWN = 3


def align_translations(demo: Demo) -> list[Row]:
    """Every sample pair: its sentences side by side."""
    pairs = {pair["id"]: pair for pair in demo.api.get("/v1/translation-pairs")["items"]}
    if not pairs:
        raise ApiRefused("The API lists no translation pair: load the sample data with `dray db seed`.")
    paths = {id_: f"/v1/translation-pairs/{id_}/alignments" for id_ in pairs}
    asked = {id_: demo.api.post(path, {})["id"] for id_, path in paths.items()}
    ended = demo.follow({asked[id_]: label(pair) for id_, pair in pairs.items()})
    return [pair_row(demo, pair, ended.get(asked[id_]), paths[id_]) for id_, pair in pairs.items()]


def label(pair: Mapping[str, Any]) -> str:
    """Name a pair for a line of the demo."""
    return (
        f"{pair['classification']} {pair['job_number']}: align {pair['source_language']} and {pair['target_language']}"
    )


def pair_row(demo: Demo, pair: Mapping[str, Any], run: dict[str, Any] | None, path: str) -> Row:
    """Say what an alignment came to, with some of its links."""
    if run is None or run["state"] != "completed":
        return demo.row(label(pair), run)
    links = demo.api.get(f"{path}?limit=1000")["items"]
    return demo.row(label(pair), run, came_out=summary(run["result"]), excerpt=excerpt(pair, links))


def excerpt(pair: Mapping[str, Any], links: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Show links in which one sentence has become several: the least sure one, and the first."""
    uneven = [link for link in links if is_uneven(pair, link)]
    least = min(uneven or links, key=lambda link: link["confidence"] or 0)
    chosen = [least, *islice((link for link in uneven if link is not least), SHOWN - 1)]
    return tuple(line for link in links if link in chosen for line in two_lines(link))


def is_uneven(pair: Mapping[str, Any], link: Mapping[str, Any]) -> bool:
    """Have the two sides a different number of sentences?"""
    sizes = [
        len(split_sentences(link[side]["text"], pair[f"{side}_language"])) if link[side] else 0
        for side in ("source", "target")
    ]
    return sizes[0] != sizes[1]


def two_lines(link: Mapping[str, Any]) -> tuple[str, str]:
    """Show both sides of a link, one above the other."""
    source, target = (cut(link[side]["text"] if link[side] else "(nothing opposite)") for side in ("source", "target"))
    return f"{link['confidence']:.2f}  {source}", f"      {target}"


def cut(text: str) -> str:
    """Keep the beginning and the end of a long text."""
    line = " ".join(text.split())
    half = (WIDTH - 3) // 2
    return line if len(line) <= WIDTH else f"{line[:half].rpartition(' ')[0]} … {line[-half:].partition(' ')[2]}"
