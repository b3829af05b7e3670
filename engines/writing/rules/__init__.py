"""Rules of grammar, typography and plain language whose correction is certain.

Each carries examples that it corrects and texts that it must leave alone; the tests hold it to them. Where a correction
needs judgement there is no rule. The wording follows the plain-language advice of the Canada.ca Content Style Guide,
the French spacing that of the Translation Bureau: a non-breaking space before a colon and inside guillemets.
"""

from __future__ import annotations

from engines.writing.rules.english import ENGLISH
from engines.writing.rules.french import FRENCH
from engines.writing.rules.rule import Rule

RULES: tuple[Rule, ...] = ENGLISH + FRENCH

__all__ = ["RULES", "Rule"]
