"""Files that people hand in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePath
from typing import Annotated
from uuid import UUID, uuid4

import anyio
import anyio.from_thread
import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.requests import ClientDisconnect

from api.dependencies import AskersSession, DatabaseOfApp, StoreOfApp, get_person
from api.problems import Problem, problem_responses
from api.schemas.files import FileAnswer
from db.repositories.files import HandedInFile, add_file, find_file
from db.session import Database
from providers.storage.store import Store

router = APIRouter(prefix="/v1/files", tags=["files"])

MEDIA_TYPES = frozenset(
    {
        "application/json",
        "application/octet-stream",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/x-tmx+xml",
        "application/xml",
        "text/csv",
        "text/xml",
    }
)
# Each upload keeps a thread until its last byte. These are not the threads that serve the other requests.
UPLOADS_AT_ONCE = 8
# Of one person, in one process of the API, those that wait for a thread among them.
UPLOADS_A_PERSON = 2
SECONDS_UNTIL_RETRY = 10
SECONDS_A_PIECE = 60
# An upload may keep us waiting so long, and a second more for every so many bytes that it brought: 100 MB take at most
# 26 minutes. Only waiting for its bytes counts, not what we do with them.
SECONDS_OF_GRACE = 30
LEAST_BYTES_A_SECOND = 65_536
LONGEST_NAME = 255
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in sorted(MEDIA_TYPES)
        },
    }
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in: who hands in what, and how large it may be."""

    person: UUID
    name: str
    media_type: str
    limit: int


def get_upload(
    request: Request,
    person: Annotated[UUID, Depends(get_person)],
    name: Annotated[str, Query(max_length=LONGEST_NAME, description="The file's name, for people")] = "file",
) -> Upload:
    """Look at the head of the request before its body is read.

    Raises:
        Problem: 415 or 413, when the body need not be read.
    """
    settings = request.app.state.settings
    upload = Upload(person, plain_name(name), media_type_of(request), settings.upload_max_bytes)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > upload.limit:
        raise too_large(upload)
    return upload


def plain_name(name: str) -> str:
    """Return the last part of a name, without what can't be printed."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable()).strip() or "file"


def media_type_of(request: Request) -> str:
    """Return the declared type, without its parameters.

    Raises:
        Problem: 415, when no kind of work reads such files.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        detail = f"No kind of work reads {media_type or 'files without a Content-Type'}; send one of: "
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail + ", ".join(sorted(MEDIA_TYPES)) + ".")
    return media_type


def too_large(upload: Upload) -> Problem:
    """Make the 413 answer."""
    detail = f"A file may have at most {upload.limit:,} bytes. Send it in parts, or have DRAY_UPLOAD_MAX_BYTES raised."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    openapi_extra=BODY,
    responses=problem_responses(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
)
async def hand_in_file(
    request: Request,
    response: Response,
    upload: Annotated[Upload, Depends(get_upload)],
    database: DatabaseOfApp,
    store: StoreOfApp,
) -> FileAnswer:
    """Hand in a file: the body is its bytes. Name it by its id in what you ask for, before it expires.

    A person may send two files at once, each at 64 KiB a second or faster.
    """
    pieces = request.stream()

    def keep() -> HandedInFile:
        return keep_file(upload, fetched(pieces), database, store)

    slots = slots_of(request)
    try:
        with slots.place_of(upload.person):
            file = await anyio.to_thread.run_sync(keep, limiter=slots.threads)
    except ClientDisconnect as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "The upload broke off; nothing of it was kept.") from error
    except TimeoutError as error:
        detail = (
            f"No byte came for {SECONDS_A_PIECE} seconds, or fewer than {LEAST_BYTES_A_SECOND:,} a second did;"
            " nothing of the upload was kept. Send it over a faster line, or in parts."
        )
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, detail) from error
    response.headers["Location"] = f"/v1/files/{file.id}"
    return FileAnswer.of(file)


@dataclass(frozen=True, slots=True)
class UploadSlots:
    """The bounds on uploads at once: of all by threads, of each person by a count."""

    threads: anyio.CapacityLimiter
    people: Counter[UUID]

    @contextmanager
    def place_of(self, person: UUID) -> Iterator[None]:
        """Take a place for an upload of `person`.

        Raises:
            Problem: 429, when they have as many under way as they may.
        """
        if self.people[person] >= UPLOADS_A_PERSON:
            detail = f"You may send {UPLOADS_A_PERSON} files at once: wait until one is done."
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(SECONDS_UNTIL_RETRY)})
        self.people[person] += 1
        try:
            yield
        finally:
            self.people[person] -= 1
            if not self.people[person]:
                del self.people[person]


def slots_of(request: Request) -> UploadSlots:
    """Return the application's bounds on uploads. They belong to the running event loop, so they are made late."""
    state = request.app.state
    if not hasattr(state, "uploads"):
        state.uploads = UploadSlots(anyio.CapacityLimiter(UPLOADS_AT_ONCE), Counter())
    slots: UploadSlots = state.uploads
    return slots


def fetched(pieces: AsyncIterator[bytes]) -> Iterator[bytes]:
    """Fetch the body's pieces from the event loop, one at a time, while this thread waits.

    Raises:
        TimeoutError: they come too slowly, or no longer.
    """
    patience = float(SECONDS_OF_GRACE)

    async def fetch() -> bytes | None:
        with anyio.fail_after(min(patience, SECONDS_A_PIECE)):
            return await anext(pieces, None)

    while True:
        asked = time.monotonic()
        piece = anyio.from_thread.run(fetch)
        if piece is None:
            return
        patience += len(piece) / LEAST_BYTES_A_SECOND - (time.monotonic() - asked)
        yield piece


def keep_file(upload: Upload, pieces: Iterator[bytes], database: Database, store: Store) -> HandedInFile:
    """Store the bytes as they come, and note them in the asker's name. What fails leaves nothing behind.

    Raises:
        Problem: 413 or 422, when there are too many bytes or none.
    """
    stored = store.put(f"uploads/{upload.person}/{uuid4()}", measured(upload, pieces))
    try:
        with database.transaction(acting_as=upload.person) as session:
            return add_file(
                session,
                owner_id=upload.person,
                key=stored.key,
                name=upload.name,
                media_type=upload.media_type,
                size=stored.size,
                sha256=stored.sha256,
            )
    except BaseException:
        store.delete(stored.key)
        raise


def measured(upload: Upload, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pass the pieces on, as long as they are neither too many bytes nor none at all."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > upload.limit:
            raise too_large(upload)
        yield piece
    if not size:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The file is empty: send its bytes as the body of the request.")


@router.get(
    "/{file_id}",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_file(file_id: UUID, session: AskersSession) -> FileAnswer:
    """Show a file that you handed in."""
    if file := find_file(session, file_id):
        return FileAnswer.of(file)
    raise Problem(HTTPStatus.NOT_FOUND, "There is no such file, or it isn't yours.")
