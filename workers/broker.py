"""The broker as Celery sees it: its settings, and the name of the one message there is."""

from __future__ import annotations

from celery import Celery

from contracts.settings import Settings

# A ring carries run ids and their kind, and nothing else.
RING = "dray.ring"


def make_app(settings: Settings) -> Celery:
    """Make a Celery application on this process's broker. It has no tasks yet: those who only ring need none."""
    app = Celery("dray")
    app.config_from_object("celeryconfig")
    app.conf.update(broker_url=settings.redis_url)
    return app
