"""The Celery application that Flower looks through: the broker and nothing else."""

from __future__ import annotations

import os
from typing import Any

from flower.urls import handlers
from flower.views.monitor import Metrics
from tornado.web import authenticated

from workers.broker import make_app


class GuardedMetrics(Metrics):  # type: ignore[misc]  # Flower ships no types
    """Flower's metrics, for those who may see the rest. Flower itself gives them to everybody."""

    @authenticated
    async def get(self) -> Any:
        """Answer as Flower does, once the caller is known."""
        return await super().get()


for position, route in enumerate(handlers):
    if isinstance(route, tuple) and route[1] is Metrics:
        handlers[position] = (route[0], GuardedMetrics)

app = make_app(os.environ["REDIS_URL"])
