"""From where on the figures mean something, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engines.performance.earned_value import INDEX_AT_RISK, INDEX_CRITICAL, VARIANCE_AT_RISK, VARIANCE_CRITICAL


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit and where it comes from."""

    value: Decimal
    source: str


OURS = "Dray's own choice; no standard sets it."

CRITICAL_INDEX: Final = Threshold(INDEX_CRITICAL, OURS)
POOR_INDEX: Final = Threshold(Decimal("0.90"), OURS)
WEAK_INDEX: Final = Threshold(INDEX_AT_RISK, OURS)
LARGE_VARIANCE: Final = Threshold(VARIANCE_CRITICAL, OURS)
NOTABLE_VARIANCE: Final = Threshold(VARIANCE_AT_RISK, OURS)
UNREALISTIC_GAP: Final = Threshold(
    Decimal("0.10"),
    "Review practice of the US Department of Defense (DCMA earned value metrics): a to-complete index more than 0.10 "
    "away from the cumulative cost index calls the estimate into question.",
)
TREND_PERIODS: Final = Threshold(
    Decimal(3),
    "PMI, Practice Standard for Earned Value Management, asks for trends; that three periods make one is ours.",
)
SMALLEST_TREND: Final = Threshold(Decimal("0.001"), OURS)
STABLE_FROM: Final = Threshold(
    Decimal("0.20"), "Christensen and Heise (1993): the cumulative cost index is stable from 20 percent complete on."
)
SCHEDULE_INDEX_FADES: Final = Threshold(
    Decimal("0.80"),
    "Lipke (2003): SPI returns to one by the end whatever the delay; that this begins at 80 percent is ours.",
)
NOTABLE_PERIOD: Final = Threshold(Decimal("0.01"), OURS)
FULL_HISTORY: Final = Threshold(Decimal(6), "ours: six periods count as a full history.")
LATE_DAYS: Final = Threshold(Decimal(30), OURS)
LARGE_EXPOSURE: Final = Threshold(Decimal("0.05"), OURS)
NOTABLE_EXPOSURE: Final = Threshold(Decimal("0.02"), OURS)
THIN_COVER: Final = Threshold(Decimal("0.5"), OURS)
FULL_USE: Final = Threshold(Decimal("1.0"), "By definition: more hours than there are.")
TIGHT_USE: Final = Threshold(Decimal("0.9"), OURS)
MANY_REJECTS: Final = Threshold(Decimal("0.05"), OURS)
SOME_REJECTS: Final = Threshold(Decimal("0.02"), OURS)
FULL_SAMPLE: Final = Threshold(Decimal(100), "ours: a share of fewer inspected units is uncertain.")
HIGHEST_CONFIDENCE: Final = Threshold(
    Decimal("0.95"), "ours: whatever a report's figures say, they may have been noted down wrong."
)
