"""`memory.import`, `memory.embed`, `memory.lookup`: a TMX file fills the memory, which is then asked."""

from __future__ import annotations

from typing import Any

from cli.commands.memory import embedding_summary, import_summary, match_lines, upload_file
from cli.demo.steps.base import Demo, Row
from db.seed import SAMPLES

FILE = SAMPLES / "memory" / "cws-work-descriptions.tmx"
LOOKUPS = {
    "the same": "Fosters an inclusive workplace in which employees work in the official language of their choice.",
    "changed": "The work is done mainly in an office, with about 25 days of travel a year to sites and communities.",
    "reworded": "Price and quality of these services are negotiated by the Manager, who plans them and their results.",
}
SHOWN = 2


def fill_memory(demo: Demo) -> list[Row]:
    """A TMX file is read, its texts are embedded, and three sentences are looked up."""
    handed_in = upload_file(demo.api, FILE)
    body = {"file_id": handed_in["id"]}
    imported = demo.perform(f"{FILE.name}: import", "/v1/memory/imports", body)
    rows = [demo.row(f"{FILE.name}: import", imported, came_out=summary_of(imported, import_summary))]
    if rows[0].failed:
        return rows
    return [*rows, follow_embedding(demo), *(look_up(demo, how, text) for how, text in LOOKUPS.items())]


def follow_embedding(demo: Demo) -> Row:
    """Wait for the vectors that the import asked for in its own transaction."""
    label = f"{FILE.name}: vectors"
    newest = demo.api.get("/v1/runs?kind=memory.embed&limit=1")["items"][0]
    run = demo.follow({newest["id"]: label}).get(newest["id"])
    return demo.row(label, run, came_out=summary_of(run, embedding_summary))


def look_up(demo: Demo, how: str, text: str) -> Row:
    """Ask for translations of a sentence."""
    label = f"look-up of a sentence: {how}"
    run = demo.perform(label, "/v1/memory/lookups", {"text": text, "limit": SHOWN})
    matches = ((run or {}).get("result") or {}).get("matches", [])
    found = f"{len(matches)} found, the best {matches[0]['kind']} {matches[0]['score']:.2f}" if matches else "no match"
    excerpt = (f"asked: {text}", *(line for match in matches for line in match_lines(match)))
    return demo.row(label, run, came_out=found, excerpt=excerpt)


def summary_of(run: dict[str, Any] | None, summarize: Any) -> str:
    """What a completed run says of itself."""
    return str(summarize(run["result"])) if run and run["state"] == "completed" else ""
