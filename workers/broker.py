"""The broker as Celery sees it: its settings, and the name of the one message there is."""

from __future__ import annotations

from celery import Celery

# A ring carries run ids and their kind, and nothing else.
RING = "dray.ring"


def make_app(broker_url: str) -> Celery:
    """Make a Celery application on a broker. It has no tasks yet: those who only ring or look on need none."""
    app = Celery("dray")
    app.config_from_object("celeryconfig")
    app.conf.update(broker_url=broker_url)
    return app
