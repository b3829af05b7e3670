"""Every task module, listed: importing this fills the registry."""

from tasks import alignment, compliance, insights, ledger, maintenance, memory, report, simulation, suggestions

__all__ = [
    "alignment",
    "compliance",
    "insights",
    "ledger",
    "maintenance",
    "memory",
    "report",
    "simulation",
    "suggestions",
]
