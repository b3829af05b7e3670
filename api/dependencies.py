"""What routes are given: the asker, and transactions in their name."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.problems import Problem
from contracts.storable import find_unstorable
from db.session import Database, Session
from db.tokens import find_owner
from providers.storage.store import Store

bearer = HTTPBearer(auto_error=False, description="A token of this API, made by `dray up` for the local stack.")


def refuse_unstorable_query(request: Request) -> None:
    """Refuse what can't be kept, and so can't be looked for either.

    Raises:
        Problem: 422.
    """
    for name, value in request.query_params.multi_items():
        if said := find_unstorable({name: value}):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"The request does not fit: query: {said}.")


def get_database(request: Request) -> Database:
    """Return the application's database."""
    return cast("Database", request.app.state.database)


def get_store(request: Request) -> Store:
    """Return the application's file store."""
    return cast("Store", request.app.state.store)


def get_person(
    database: Annotated[Database, Depends(get_database)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> UUID:
    """Return who bears the token of the request.

    Raises:
        Problem: 401, when there is no token, or it is unknown or expired.
    """
    if credentials is None:
        raise unauthorized("Send a token: Authorization: Bearer <token>.")
    with database.transaction() as session:
        person = find_owner(session, credentials.credentials)
    if person is None:
        raise unauthorized("This token is unknown or has expired.")
    return person


def unauthorized(detail: str) -> Problem:
    """Make the 401 answer."""
    return Problem(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})


def get_session(
    database: Annotated[Database, Depends(get_database)], person: Annotated[UUID, Depends(get_person)]
) -> Iterator[Session]:
    """Open the request's one transaction, acting as the asker. It commits before the answer is sent."""
    with database.transaction(acting_as=person) as session:
        yield session


DatabaseOfApp = Annotated[Database, Depends(get_database)]
StoreOfApp = Annotated[Store, Depends(get_store)]
# The transaction ends with the route and not after the answer: an answer speaks of what is committed.
AskersSession = Annotated[Session, Depends(get_session, scope="function")]
