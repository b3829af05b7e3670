"""A relay that stops for ever between publishing its rings and committing that it did."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from contracts.settings import Settings
from db.ledger import TakenRun
from workers import relay


class FreezingRelay(relay.Relay):
    """Publishes as the real one does, says so, and then goes no further."""

    def publish(self, runs: Sequence[TakenRun]) -> None:
        super().publish(runs)
        relay.log.warning("relay.frozen after_publishing=%d", len(runs))
        signal.pause()


if __name__ == "__main__":
    relay.Relay = FreezingRelay  # type: ignore[misc]
    relay.main(Settings.from_environment(os.environ))
