"""The local stack: servers, database, processes; one call to start it, one to end it."""

# ruff: noqa: PLC0415 - db is heavy, and `dray env` needs none of it
from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from cli.given_servers import require_given_servers, with_database
from cli.leftovers import Identity, stop_leftovers
from cli.local_processes import FLOWER_USER, Addresses, process_specs
from cli.local_state import LocalState
from cli.ports import requested_port
from cli.servers.postgres import EmbeddedPostgres
from cli.servers.redis import EmbeddedRedis
from cli.supervisor import Supervisor

DATABASE = "dray"


class LocalStack:
    """Everything that `dray up` runs. Use `running()`; inside it, `document` says where everything is."""

    def __init__(
        self,
        state: LocalState,
        caller: Mapping[str, str],
        *,
        report: Callable[[str], None],
        samples: bool,
        api_port: int | None = None,
        flower_port: int | None = None,
    ) -> None:
        """Prepare, starting nothing yet. With `samples`, the sample data is loaded and a token for it made."""
        self.state = state
        self.document: dict[str, Any] = {}
        self.supervisor = Supervisor(report=report, on_change=self._note)
        self._caller = caller
        self._report = report
        self._samples = samples
        self._api_port = api_port
        self._flower_port = flower_port

    @contextmanager
    def running(self) -> Iterator[Supervisor]:
        """Start everything; at the end, stop everything. One stack at a time on one folder.

        Raises:
            StackAlreadyRunning: another stack holds the folder.
            StartFailed: a process did not start; nothing of the others is left.
        """
        with ExitStack() as exits:
            exits.enter_context(self.state.lock())
            last = self.state.read_stack()
            self._clear_leftovers(last)
            exits.callback(self._forget, last)
            exits.enter_context(self.supervisor)
            self._start(last)
            yield self.supervisor

    def _start(self, last: Mapping[str, Any]) -> None:
        require_given_servers(self._caller)
        ports = self._choose_ports(last)
        admin_url, redis_url = self._start_servers()
        addresses = self._prepare_database(admin_url, redis_url, *ports)
        self._report("Starting relay, workers, beat, API and Flower")
        password = self.state.secrets().flower
        self.supervisor.start(process_specs(self.state, addresses, self._caller, flower_password=password))
        self.document["ready"] = True
        self._note()

    def _choose_ports(self, last: Mapping[str, Any]) -> tuple[int, int]:
        """Where the user wants them, else where they were last, else where there is room."""
        api = requested_port(self._api_port, flag="--api-port", preferred=_port_of(last.get("api_url")))
        flower = requested_port(self._flower_port, flag="--flower-port", preferred=_port_of(last.get("flower_url")))
        return api, flower

    def _start_servers(self) -> tuple[str, str]:
        """The superuser's URL of the database and the broker's URL; ours are started, the caller's are believed."""
        secrets, given_database, given_redis = (
            self.state.secrets(),
            *map(self._caller.get, ("DATABASE_URL", "REDIS_URL")),
        )
        postgres = EmbeddedPostgres(
            self.state.folder / "postgres", password=secrets.postgres, log=self.state.log("postgres")
        )
        redis = EmbeddedRedis(self.state.folder / "redis", password=secrets.redis, log=self.state.log("redis"))
        ours = [server for server, given in ((postgres, given_database), (redis, given_redis)) if not given]
        if ours:
            self._report(f"Starting {' and '.join(server.name for server in ours)}")
            self.supervisor.start([server.spec() for server in ours])
        return given_database or with_database(postgres.admin_url, DATABASE), given_redis or redis.url

    def _prepare_database(self, admin_url: str, redis_url: str, api_port: int, flower_port: int) -> Addresses:
        from db.bootstrap import prepare_database, role_url
        from db.seed import load_samples

        self._report(f"Migrating the database{' and loading the sample data' if self._samples else ''}")
        passwords = self.state.secrets().roles
        prepare_database(admin_url, passwords=passwords)
        urls = {role: role_url(admin_url, role, passwords) for role in passwords}
        if self._samples:
            load_samples(urls["dray_migrator"])
        addresses = Addresses(
            migrator_url=urls["dray_migrator"],
            worker_url=urls["dray_worker"],
            api_database_url=urls["dray_api"],
            redis_url=redis_url,
            api_port=api_port,
            flower_port=flower_port,
        )
        self.document |= self._describe(addresses)
        return addresses

    def _describe(self, addresses: Addresses) -> dict[str, Any]:
        return {
            "api_url": addresses.api,
            # Without the samples there is nobody yet to make one for: `dray token` does, for whom one names.
            "token": sample_token(addresses.migrator_url) if self._samples else "",
            "database_url": addresses.api_database_url,
            "worker_database_url": addresses.worker_url,
            "migrator_database_url": addresses.migrator_url,
            "redis_url": addresses.redis_url,
            "storage_dir": str(self.state.storage()),
            "flower_url": addresses.flower,
            "flower_user": FLOWER_USER,
            "flower_password": self.state.secrets().flower,
        }

    def _clear_leftovers(self, last: Mapping[str, Any]) -> None:
        processes = [Identity.from_json(value) for value in (last.get("processes") or {}).values()]
        if count := stop_leftovers(identity for identity in processes if identity is not None):
            self._report(f"Ended {count} processes that the last stack had left")

    def _note(self) -> None:
        """Write down who runs, so that whatever happens to us, the next start can clear it up."""
        self.document["supervisor"] = _as_json(Identity.of(os.getpid()))
        self.document["processes"] = {name: _as_json(one) for name, one in self.supervisor.identities().items()}
        self.state.write_stack(self.document)

    def _forget(self, last: Mapping[str, Any]) -> None:
        """Nothing runs any more; only the ports are kept, so that they stay the same."""
        known = {**last, **self.document}
        self.state.write_stack({name: known[name] for name in ("api_url", "flower_url") if name in known})


def sample_token(migrator_url: str) -> str:
    """A bearer token for the one sample person who may see every sample project."""
    from db.seed import SAMPLES, read_yaml
    from db.tokens import issue_token

    sponsor = read_yaml(SAMPLES / "programme.yaml")["people"][0]
    return issue_token(migrator_url, email=sponsor["email"], name="dray up")


def _port_of(url: Any) -> int | None:
    return urlsplit(url).port if isinstance(url, str) else None


def _as_json(identity: Identity | None) -> dict[str, float]:
    return {} if identity is None else asdict(identity)
