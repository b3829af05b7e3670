"""Every task module, listed: importing this fills the registry."""

from tasks import ledger, report

__all__ = ["ledger", "report"]
