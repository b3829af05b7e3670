"""The command line's view of the API: HTTP and nothing else, as any other service would use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import Any, BinaryIO, Self

import httpx

from contracts.errors import DrayError

SAFE_NAME = re.compile(r"[^\w.() -]")


class ApiRefused(DrayError):
    """The API did not do what it was asked for."""


class ApiClient:
    """Calls of the API, with a bearer token."""

    def __init__(self, url: str, token: str) -> None:
        if not (token.isascii() and token.isprintable()):
            # Said here, since httpx would print it.
            raise ApiRefused("DRAY_TOKEN is no token: it holds characters that none has. Copy it anew.")
        self._url = url
        with self._reaching():
            self._http = httpx.Client(
                base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str) -> dict[str, Any]:
        """A JSON document."""
        with self._reaching():
            return self._answer(self._http.get(path))

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask for something; the answer is what the API made of it."""
        with self._reaching():
            return self._answer(self._http.post(path, json=body))

    def upload(self, path: str, content: bytes | BinaryIO, *, media_type: str) -> dict[str, Any]:
        """Send the bytes of a file, or an open file piece by piece."""
        with self._reaching():
            return self._answer(self._http.post(path, content=content, headers={"Content-Type": media_type}))

    def download(self, path: str, folder: Path, *, fallback: str) -> Path:
        """Save a file under the name that the API gives it."""
        folder.mkdir(parents=True, exist_ok=True)
        with self._reaching(), self._http.stream("GET", path) as response:
            if response.is_error:
                response.read()
                self._answer(response)
            target = folder / file_name(response.headers.get("Content-Disposition", ""), fallback)
            with target.open("wb") as file:
                for piece in response.iter_bytes():
                    file.write(piece)
        return target

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            raise ApiRefused(f"The API at {self._url} does not answer in time: look at its log.") from error
        except (httpx.TransportError, httpx.InvalidURL) as error:
            why = f" ({error})" if str(error) else ""
            raise ApiRefused(f"The API at {self._url} cannot be reached{why}: is `dray up` running?") from error

    def _answer(self, response: httpx.Response) -> dict[str, Any]:
        if response.is_error:
            asked = f"{response.request.method} {response.request.url.path}"
            raise ApiRefused(f"{_problem(response)} ({response.status_code} to {asked})")
        try:
            document: dict[str, Any] = response.json()
        except ValueError as error:
            raise ApiRefused(f"What answers at {self._url} is not Dray's API: check DRAY_API_URL.") from error
        return document


def file_name(disposition: str, fallback: str) -> str:
    """The file name of a Content-Disposition header, as a plain name that cannot leave its folder."""
    message = Message()
    message["Content-Disposition"] = disposition or "attachment"
    name = Path(message.get_filename() or fallback).name
    return SAFE_NAME.sub("_", name).strip(". ") or fallback


def _problem(response: httpx.Response) -> str:
    try:
        document = response.json()
        return str(document.get("detail") or document.get("title"))
    except (ValueError, AttributeError):
        return response.text[:200]
