"""The processes of the local stack: which there are, how each is started, and how it is ended."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from cli.child_environment import child_environment, provider_environment
from cli.local_state import ROOT, LocalState
from cli.ports import LOOPBACK
from cli.process import ProcessSpec

FLOWER_USER = "dray"
# A warm shutdown finishes what is being worked on. What takes longer is done again by another worker.
DRAIN_SECONDS = 45.0
WORKERS = {
    "worker-prompt": (("interactive", "default", "maintenance"), 1),
    "worker-export": (("export",), 2),
    # What may take long holds up nobody who waits for an answer or a file.
    "worker-bulk": (("compute", "bulk"), 1),
}
STOP_STAGES = {"api": 1, "beat": 2, "relay": 3, "flower": 4, **dict.fromkeys(WORKERS, 5)}


@dataclass(frozen=True)
class Addresses:
    """Where the servers of a stack are; a database URL for each role."""

    migrator_url: str
    worker_url: str
    api_database_url: str
    redis_url: str
    api_port: int
    flower_port: int

    @property
    def api(self) -> str:
        """The API's URL."""
        return f"http://{LOOPBACK}:{self.api_port}"

    @property
    def flower(self) -> str:
        """Flower's URL."""
        return f"http://{LOOPBACK}:{self.flower_port}"


def process_specs(
    state: LocalState, addresses: Addresses, caller: Mapping[str, str], *, flower_password: str
) -> list[ProcessSpec]:
    """Relay, workers, beat, API and Flower of one stack."""
    common = {"REDIS_URL": addresses.redis_url, "DRAY_STORAGE_DIR": str(state.storage())}
    as_worker = child_environment(caller, **common, **provider_environment(caller), DATABASE_URL=addresses.worker_url)
    as_api = child_environment(caller, **common, DATABASE_URL=addresses.api_database_url)
    login = f"{FLOWER_USER}:{flower_password}"
    as_flower = child_environment(caller, REDIS_URL=addresses.redis_url, FLOWER_BASIC_AUTH=login)
    api_port, flower_port = str(addresses.api_port), str(addresses.flower_port)
    return [
        _spec(state, "relay", ["relay"], as_worker, ready_line="relay.started"),
        *(_worker(state, name, as_worker) for name in WORKERS),
        _spec(state, "beat", ["beat"], as_worker, ready_line="beat.started"),
        _spec(state, "api", ["api", "--port", api_port], as_api, ready=lambda: answers(f"{addresses.api}/healthz")),
        _spec(state, "flower", ["flower", "--port", flower_port], as_flower, ready=lambda: answers(addresses.flower)),
    ]


def _worker(state: LocalState, name: str, environment: Mapping[str, str]) -> ProcessSpec:
    queues, concurrency = WORKERS[name]
    arguments = ["worker", "--queues", ",".join(queues), "--concurrency", str(concurrency), "--name", name]
    return _spec(state, name, arguments, environment, ready_line="worker.ready", grace_seconds=DRAIN_SECONDS)


def _spec(
    state: LocalState,
    name: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    ready: Callable[[], bool] | None = None,
    ready_line: str = "",
    grace_seconds: float = 10.0,
) -> ProcessSpec:
    return ProcessSpec(
        name=name,
        # -P: whatever lies in the current folder is not ours to import; ours is on PYTHONPATH.
        argv=[sys.executable, "-P", "-m", "cli.main", *arguments],
        env=environment,
        log=state.log(name),
        cwd=ROOT,
        ready=ready,
        ready_line=ready_line,
        ready_seconds=60,
        settle_seconds=1.0,
        grace_seconds=grace_seconds,
        stop_stage=STOP_STAGES[name],
    )


def answers(url: str) -> bool:
    """Does an HTTP server answer there, be it with a refusal?"""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - http, made above
            return True
    except urllib.error.HTTPError as error:
        return error.code < HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
