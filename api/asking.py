"""Asking for a run: what the routes of every kind do alike."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Response

from api.dependencies import AskersSession
from api.problems import Problem
from api.schemas.runs import RunAnswer
from api.tracing import TRACEPARENT, trace_context
from contracts.args.base import Args
from db import ledger
from db.repositories.runs import find_run


class Asker:
    """Makes runs in the request's own transaction, in the name of whoever asks."""

    def __init__(
        self,
        session: AskersSession,
        response: Response,
        traceparent: Annotated[str | None, Header(pattern=TRACEPARENT)] = None,
    ) -> None:
        self._session = session
        self._response = response
        self._traceparent = traceparent

    def ask(self, args: Args) -> RunAnswer:
        """Make the run and say where to watch it.

        Raises:
            Refused: the asker lacks a right, or the thing is not there.
        """
        made = ledger.enqueue(self._session, args, trace_context=trace_context(self._traceparent))
        run = find_run(self._session, made.id)
        if run is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such run, or it isn't yours.")
        self._response.headers["Location"] = f"/v1/runs/{run.id}"
        return RunAnswer.of(run)


AskerOfRequest = Annotated[Asker, Depends(scope="function")]
