"""`suggestion.create`: better wording is proposed for a job description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from contracts.args.descriptions import CreateSuggestions, SuggestionType
from contracts.errors import Permanent
from contracts.outcome import Outcome, Result
from contracts.rights import Right
from db.repositories.descriptions import find_description
from db.repositories.people import find_user_id
from db.repositories.rights import has_right
from db.repositories.suggestions import NewSuggestion, add_suggestions
from engines.compliance.checking import check
from engines.compliance.findings import Checked, Finding, Status
from engines.writing.drafts import Draft, Passage, Remark, Suggestion
from engines.writing.suggesting import MODEL, suggest
from engines.writing.verify import verify
from providers.ai.embedders.local import LocalEmbedder
from tasks.asking_assistant import Asked, ask_about
from tasks.context import TaskContext
from tasks.description_text import require_length
from tasks.memory_lookup import look_up
from tasks.registry import task
from tasks.translation_suggestions import MEMORY_MODEL, suggest_translations

LOCAL = "local"
# How sure a replacement of the compliance rules is: what must be changed is less a matter of taste.
CERTAINTY = {Status.VIOLATION: 0.9, Status.WARNING: 0.75}
MEMORY_CLOSED = "Whoever asked lacks the right to read the translation memory: an administrator can give the role."


class NothingToImprove(Permanent):
    """The description is not there any more, or has no text."""


class UnknownSection(Permanent):
    """The description has no such section."""


class NobodyAsked(Permanent):
    """Suggestions are made for a person, and whoever asked is not an active one in `users`."""


@task(CreateSuggestions)
def create_suggestions(args: CreateSuggestions, context: TaskContext) -> Outcome:
    """Gather proposals, keep those that hold against the text, and store what is new."""
    text, language = load(args, context)
    user_id = asker(context)
    context.progress(0.1, "Reading the description")
    checked = check(text, language)
    passages = passages_of(checked, text, args.sections)
    types, left_out = types_for(args, context)
    assistant = None if args.local else context.assistant

    asked, drafts = Asked(), list[Draft]()
    if assistant is None:
        drafts += suggest(text, language, passages, tuple(remarks_of(checked)), suggestion_types=types)
    else:
        asked = ask_about(text, language, passages, types, context=context, assistant=assistant, user_id=user_id)
    if SuggestionType.TRANSLATION in types:
        context.progress(0.85, "Comparing with the translation memory")
        # Matches by meaning are of no use here: no model is paid for them.
        drafts += suggest_translations(context.session, LocalEmbedder(), args.job_id, look_up)

    context.progress(0.95, "Checking the proposals against the text")
    verified = verify([*asked.drafts, *drafts], text, passages, language)
    rows = [stored_form(suggestion, context) for suggestion in verified.suggestions]
    added = add_suggestions(context.session, args.job_id, user_id, rows)
    return Result(
        {
            "provider": assistant.provider if assistant else LOCAL,
            "suggested": added,
            "already_there": len(rows) - added,
            "dropped": dict(verified.dropped),
            **asked.figures(),
            **({"left_out": left_out} if left_out else {}),
        }
    )


def types_for(args: CreateSuggestions, context: TaskContext) -> tuple[tuple[SuggestionType, ...], dict[str, str]]:
    """Return the types to suggest, and those of the wanted ones that the asker lacks a right for, with the reason."""
    wanted = tuple(args.suggestion_types or SuggestionType)
    person = context.requested_by
    # Whoever may read a description may ask; what is quoted from the memory is for those who may read that as well.
    if SuggestionType.TRANSLATION not in wanted or (person and has_right(context.session, person, Right.READ_MEMORY)):
        return wanted, {}
    others = tuple(one for one in wanted if one is not SuggestionType.TRANSLATION)
    return others, {str(SuggestionType.TRANSLATION): MEMORY_CLOSED}


def load(args: CreateSuggestions, context: TaskContext) -> tuple[str, str]:
    """Return the description's text and language.

    Raises:
        NothingToImprove: it is gone, empty, or in neither English nor French.
        DescriptionTooLong: it is longer than what is read.
    """
    description = find_description(context.session, args.job_id)
    if description is None:
        raise NothingToImprove(f"Job description {args.job_id} does not exist any more.")
    if not description.text.strip():
        raise NothingToImprove(f"Job description {args.job_id} has no text: give it raw_content first.")
    if description.language is None or description.language not in {"en", "fr"}:
        raise NothingToImprove(
            f"Job description {args.job_id} is in {description.language!r}: set its language to 'en' or 'fr'."
        )
    require_length(args.job_id, description.text)
    return description.text, description.language


def asker(context: TaskContext) -> int:
    """Return who asked, as `users` knows them.

    Raises:
        NobodyAsked: nobody, or somebody who isn't there or isn't active.
    """
    found = find_user_id(context.session, context.requested_by) if context.requested_by else None
    if found is None:
        raise NobodyAsked(f"{context.requested_by or 'Nobody'} is not an active person in users: ask as one who is.")
    return found


def passages_of(checked: Checked, text: str, wanted: Sequence[str] | None) -> tuple[Passage, ...]:
    """Return the sections that are wanted; without a wish, all of them and the text around them.

    Raises:
        UnknownSection: one that is wanted isn't there; the message lists those that are.
    """
    bodies = [Passage(section.type, *section.body) for section in checked.sections]
    if wanted is None:
        return tuple(sorted([*bodies, *around(bodies, len(text))], key=lambda passage: passage.start))
    there = {section.type for section in checked.sections}
    if missing := [name for name in wanted if name not in there]:
        has = f"it has: {', '.join(sorted(there))}" if there else "no section was found in it"
        raise UnknownSection(f"The description has no section {', '.join(map(repr, missing))}; {has}.")
    return tuple(passage for passage in bodies if passage.section in wanted)


def around(bodies: Sequence[Passage], length: int) -> Iterator[Passage]:
    """The stretches that belong to no section."""
    done = 0
    for body in sorted(bodies, key=lambda passage: passage.start):
        if done < body.start:
            yield Passage(None, done, body.start)
        done = max(done, body.end)
    if done < length:
        yield Passage(None, done, length)


def remarks_of(checked: Checked) -> Iterator[Remark]:
    """The findings that say for certain what to write instead. For the others nothing is made up."""
    for finding in checked.findings:
        if finding.replacement is not None and finding.start is not None and finding.end is not None:
            yield Remark(
                rule=finding.rule,
                start=finding.start,
                end=finding.end,
                replacement=finding.replacement,
                explanation=explanation_of(finding),
                confidence=CERTAINTY.get(finding.status, min(CERTAINTY.values())),
            )


def explanation_of(finding: Finding) -> str:
    """What the rule recommends, else what it is about."""
    return finding.recommendation or finding.description


def stored_form(suggestion: Suggestion, context: TaskContext) -> NewSuggestion:
    """Name who proposed it: a rule, the memory, or the assistant."""
    draft = suggestion.draft
    provider, model = LOCAL, MODEL
    if draft.suggestion_type == SuggestionType.TRANSLATION:
        model = MEMORY_MODEL
    elif draft.source is None and context.assistant:
        provider, model = context.assistant.provider, context.assistant.model
    details: dict[str, Any] = {"start": suggestion.start, "end": suggestion.end, "run_id": str(context.run_id)}
    if draft.source:
        details["rule"] = draft.source
    return NewSuggestion(
        suggestion_type=draft.suggestion_type,
        section_type=suggestion.section,
        ai_provider=provider,
        ai_model=model,
        original_text=draft.original,
        suggested_text=draft.suggested,
        context_before=suggestion.context_before,
        context_after=suggestion.context_after,
        confidence_score=Decimal(str(round(draft.confidence, 2))),
        explanation=draft.explanation,
        details=details,
    )
