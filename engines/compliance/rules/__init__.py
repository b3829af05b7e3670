"""The rules, as data."""

from __future__ import annotations

from engines.compliance.rule import Rule
from engines.compliance.rules.accessibility import ACCESSIBILITY
from engines.compliance.rules.format import FORMAT
from engines.compliance.rules.language import LANGUAGE
from engines.compliance.rules.policy import POLICY

RULES: tuple[Rule, ...] = (*POLICY, *ACCESSIBILITY, *LANGUAGE, *FORMAT)

__all__ = ["RULES"]
