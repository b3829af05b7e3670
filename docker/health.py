"""Health checks of the containers. The image has no curl, and needs none.

`health.py http URL` asks a server; `health.py database NAME` asks PostgreSQL whether the process that calls itself NAME
talked to it lately from this container's own address. Relay, beat and each worker's heartbeat do so every few seconds.
"""  # noqa: INP001 - a script, run by its path

import os
import sys
import urllib.request

import psycopg

SILENCE_SECONDS = 60
LATELY = """
    SELECT count(*) FROM pg_stat_activity
    WHERE application_name = %s
      AND client_addr IS NOT DISTINCT FROM inet_client_addr()
      AND state_change > clock_timestamp() - make_interval(secs => %s)
"""


def check_http(url: str) -> str | None:
    """Say what is wrong with the server at `url`, or nothing."""
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the address is ours
        return None if answer.status < 400 else f"{url} answers {answer.status}"  # noqa: PLR2004 - HTTP's own border


def check_database(name: str) -> str | None:
    """Say so when the process called `name` has been silent for too long."""
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        row = connection.execute(LATELY, [name, SILENCE_SECONDS]).fetchone()
    return None if row and row[0] else f"{name} was silent for {SILENCE_SECONDS} s"


CHECKS = {"http": check_http, "database": check_database}

if __name__ == "__main__":
    sys.exit(CHECKS[sys.argv[1]](sys.argv[2]))
