"""The broker as Celery sees it: its settings, and the name of the one message there is."""

from __future__ import annotations

from typing import Any

from celery import Celery
from kombu import Connection
from kombu.exceptions import ChannelError

# A ring carries run ids and their kind, and nothing else.
RING = "dray.ring"


def make_app(broker_url: str) -> Celery:
    """Make a Celery application on a broker. It has no tasks yet: those who only ring or look on need none."""
    app = Celery("dray")
    app.config_from_object("celeryconfig")
    app.conf.update(broker_url=broker_url)
    return app


def queue_length(connection: Connection, queue: str) -> int:
    """Return how many messages of all priorities lie in a queue. An empty one is unknown to Redis."""
    channel: Any = connection.default_channel
    try:
        declared = channel.queue_declare(queue, passive=True)
    except ChannelError:
        return 0
    return int(declared.message_count)
