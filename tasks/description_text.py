"""What a description's text must be like for a worker to read all of it."""

from __future__ import annotations

from contracts.errors import Permanent

LONGEST_TEXT = 200_000
"""The most characters of a text that is checked or improved: three times the longest description that we know of."""


class DescriptionTooLong(Permanent):
    """The job description is too long to be read in one piece."""


def require_length(job_id: int, text: str) -> None:
    """Refuse what would take a worker's time for long.

    Raises:
        DescriptionTooLong: it has more than LONGEST_TEXT characters.
    """
    if len(text) > LONGEST_TEXT:
        raise DescriptionTooLong(
            f"Job description {job_id} has {len(text):,} characters, and no more than {LONGEST_TEXT:,} are read. Divide"
            " it into several, or take out of job_descriptions.raw_content what is no part of it, and ask again."
        )
