"""Free ports on the loopback interface: found, never assumed."""

from __future__ import annotations

import socket

from cli.errors import PortInUse

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Can a server listen on this port of 127.0.0.1 now?"""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """`preferred` if it is free, else one that the system picks."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def requested_port(port: int | None, *, flag: str, preferred: int | None = None) -> int:
    """The port that the user asked for, or a free one if none was asked for."""
    if port is None:
        return free_port(preferred)
    if not is_free(port):
        raise PortInUse(f"Port {port} is in use: choose another with {flag}, or leave {flag} out to take a free one.")
    return port


def accepts_connections(port: int) -> bool:
    """Does something listen on this port of 127.0.0.1?"""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False
