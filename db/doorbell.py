"""Waking up when someone enqueues: LISTEN on the channel that `enqueue_run` notifies."""

from __future__ import annotations

import psycopg

from db.ledger import CHANNEL

DoorbellError = psycopg.Error


class Doorbell:
    """Wakes the relay when someone enqueues (NOTIFY). Losing it costs no more than one poll."""

    # Python looks at signals between two waits.
    LONGEST_WAIT = 0.5

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> None:
        """Return at the first notification, or after `seconds`."""
        if self.connection is None:
            # What was enqueued before we listened is found by the tick that follows.
            self.connection = self.listen()
            return
        try:
            for _ in self.connection.notifies(timeout=min(seconds, self.LONGEST_WAIT), stop_after=1):
                pass
        except psycopg.Error:
            self.close()
            raise

    def listen(self) -> psycopg.Connection:
        """Open the connection that hears notifications."""
        connection = psycopg.connect(
            self.url,
            autocommit=True,
            connect_timeout=10,
            application_name="dray relay doorbell",
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
        )
        connection.execute(f"LISTEN {CHANNEL}")
        return connection

    def close(self) -> None:
        """Hang up."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()
