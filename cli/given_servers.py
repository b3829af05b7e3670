"""Servers that the caller names instead of ours: looked at before anything is started."""
# ruff: noqa: PLC0415 - the clients are heavy, and are wanted only if a server was named

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from cli.errors import LocalStackError


def require_given_servers(environ: Mapping[str, str]) -> None:
    """Can the servers be used that DATABASE_URL and REDIS_URL name, if they do?

    Raises:
        LocalStackError: one does not answer, or not as it must.
    """
    if url := environ.get("DATABASE_URL"):
        require_superuser(url)
    if url := environ.get("REDIS_URL"):
        require_redis(url)


def with_database(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def require_superuser(url: str) -> None:
    """Roles and extensions are made by a superuser only.

    Raises:
        LocalStackError: the server is not there, or the role is a lesser one.
    """
    import psycopg

    try:
        with psycopg.connect(with_database(url, "postgres"), connect_timeout=5) as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise LocalStackError(
            f"The PostgreSQL that DATABASE_URL names cannot be used ({reason}): correct it, or unset it to have "
            "a server started."
        ) from None
    if row is None or not row[0]:
        raise LocalStackError(
            "DATABASE_URL must be a superuser's here, since roles and extensions are made first: give another one, "
            "unset it to have a server started, or run dray api, dray relay, dray worker … one by one on a prepared "
            "database."
        )


def require_redis(url: str) -> None:
    """The broker must answer.

    Raises:
        LocalStackError: it does not.
    """
    from redis import Redis, RedisError
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    try:
        Redis.from_url(url, socket_timeout=5, retry=Retry(NoBackoff(), 0)).ping()
    except (RedisError, ValueError, OSError) as error:
        raise LocalStackError(
            f"The Redis that REDIS_URL names cannot be used ({error}): correct it, or unset it to have one started."
        ) from None
