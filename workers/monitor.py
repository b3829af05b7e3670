"""The Celery application that Flower looks through: the broker and nothing else."""

from __future__ import annotations

import os

from workers.broker import make_app

app = make_app(os.environ["REDIS_URL"])
