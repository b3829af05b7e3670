"""Sentences of a document beside those of its translation."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query

from api.asking import AskerOfRequest
from api.dependencies import AskersSession
from api.problems import Problem, problem_responses
from api.schemas.alignments import AlignmentAnswer, AlignmentList, PairAnswer, PairList
from api.schemas.runs import RunAnswer
from contracts.args.memory import AlignPair
from db.repositories.alignments import Alignment, find_alignments, list_pairs, sees_pair

router = APIRouter(prefix="/v1/translation-pairs", tags=["translation pairs"])

# Ids are four-byte integers in the schema.
PairId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The pair's id")]


@router.get("", responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY))
def get_pairs(session: AskersSession, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> PairList:
    """List the translation pairs that you may see, by number of the description."""
    return PairList(items=[PairAnswer.of(pair) for pair in list_pairs(session, limit=limit)])


@router.post(
    "/{pair_id}/alignments",
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def align_pair(pair_id: PairId, asker: AskerOfRequest) -> RunAnswer:
    """Ask for the pair's sentences to be aligned. Watch the run at the Location of the answer; then read them here."""
    return asker.ask(AlignPair(pair_id=pair_id))


@router.get(
    "/{pair_id}/alignments",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_alignments(
    pair_id: PairId,
    session: AskersSession,
    below: Annotated[float | None, Query(ge=0, le=1, description="Only links less sure than this")] = None,
    after: Annotated[
        int | None, Query(ge=1, description="Only what follows this link: the last of the page before")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> AlignmentList:
    """Show the sentences of both documents side by side, in reading order."""
    if not sees_pair(session, pair_id):
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such translation pair, or it isn't yours.")
    links = find_alignments(session, pair_id)
    rest = [link for link in following(links, after) if below is None or is_below(link, below)]
    page, more = rest[:limit], None
    if len(rest) > limit:
        filters = {} if below is None else {"below": below}
        query = urlencode(filters | {"limit": limit, "after": page[-1].id})
        more = f"/v1/translation-pairs/{pair_id}/alignments?{query}"
    return AlignmentList(items=[AlignmentAnswer.of(link) for link in page], next=more)


def following(links: Sequence[Alignment], after: int | None) -> Sequence[Alignment]:
    """Return the links that follow the one with this id.

    Raises:
        Problem: 422, when the link is gone: the pair was aligned anew.
    """
    if after is None:
        return links
    places = [place for place, link in enumerate(links) if link.id == after]
    if not places:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"The pair has no link {after} any more: it was aligned anew. Read again from the first page.",
        )
    return links[places[0] + 1 :]


def is_below(link: Alignment, bound: float) -> bool:
    """Is the link less sure than this? What nobody scored is not."""
    return link.confidence_score is not None and float(link.confidence_score) < bound
