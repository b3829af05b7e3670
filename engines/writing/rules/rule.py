"""What a rule is."""

from __future__ import annotations

import re
from dataclasses import dataclass

Examples = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What to write instead of what `pattern` finds. `replacement` is a template as `re.Match.expand` reads it."""

    language: str
    name: str
    suggestion_type: str
    pattern: re.Pattern[str]
    replacement: str
    explanation: str
    examples: Examples
    leaves: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """Laplace's rule of succession over the rule's own examples, all of which it gets right: (n + 1) / (n + 2)."""
        tried = len(self.examples) + len(self.leaves)
        return round((tried + 1) / (tried + 2), 2)


def wording(
    language: str,
    name: str,
    pattern: str,
    replacement: str,
    explanation: str,
    *,
    examples: Examples,
    leaves: tuple[str, ...] = (),
) -> Rule:
    """Make a rule of style: whole words, in either case."""
    compiled = re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    return Rule(language, name, "style", compiled, replacement, explanation, examples, leaves)


def typography(
    language: str,
    name: str,
    pattern: str,
    replacement: str,
    explanation: str,
    *,
    examples: Examples,
    leaves: tuple[str, ...] = (),
) -> Rule:
    """Make a rule of grammar or spacing: exactly what the pattern says."""
    return Rule(language, name, "grammar", re.compile(pattern), replacement, explanation, examples, leaves)
