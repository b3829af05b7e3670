"""The rules behind the insights, by what they look at."""

from __future__ import annotations

from engines.performance.insight_rules import cost, quality, risk, schedule

RULES = (*cost.RULES, *schedule.RULES, *risk.RULES, *quality.RULES)

__all__ = ["RULES"]
