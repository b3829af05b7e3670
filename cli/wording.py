"""How a suggestion is shown on a terminal: what stands there, what is proposed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CONTEXT = 30
# A space that must not break looks like any other; shown, it must not.
VISIBLE = str.maketrans({"\u00a0": "\u237d", "\u202f": "\u237d", "\n": "\u21b5"})


def show_change(suggestion: Mapping[str, Any]) -> tuple[str, ...]:
    """Show a suggestion as lines: where, before, after, why. `⍽` is a non-breaking space."""
    before = (suggestion["context_before"] or "")[-CONTEXT:]
    after = (suggestion["context_after"] or "")[:CONTEXT]
    where = suggestion["section_type"] or "outside the sections"
    proposer = f"{suggestion['ai_provider']} {suggestion['ai_model']}"
    return (
        f"{where}, {suggestion['suggestion_type']}, {suggestion['confidence_score']:.2f} by {proposer}",
        visible(f"  - …{before}[{suggestion['original_text']}]{after}…"),
        visible(f"  + …{before}[{suggestion['suggested_text']}]{after}…"),
        f"    {suggestion['explanation']}",
    )


def visible(line: str) -> str:
    """Show the spaces that can't be told apart."""
    return line.translate(VISIBLE)
