"""Checks a description against every rule of its language."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice

from engines.compliance.document import Document
from engines.compliance.findings import Checked, Finding, Status
from engines.compliance.rule import Match, Rule
from engines.compliance.rules import RULES

MOST_FINDINGS = 200
"""The most places that one rule gives. Who has so many to mend mends the cause, and checks again."""


def check(text: str, language: str, *, check_types: Collection[str] | None = None) -> Checked:
    """Check `text` (`en` or `fr`) against the rules of `check_types`, or of all.

    What is missing comes first, then what was found in the order of the text, then the rules that are kept. A rule that
    doesn't apply to this description, such as the order of an executive's sections for another group, gives nothing.
    """
    document = Document(text, language)
    rules = [rule for rule in RULES if language in rule.finders and (not check_types or rule.check_type in check_types)]
    findings = [finding for rule in rules for finding in apply(rule, document)]
    return Checked(language, document.sections, tuple(sorted(findings, key=place)))


def apply(rule: Rule, document: Document) -> Iterator[Finding]:
    """What one rule finds in a document: each place where it is broken, or once that it is kept.

    Where there are very many, the last one given says how many more there are.
    """
    matches = rule.finders[document.language](document)
    if matches is None:
        return
    findings = iter(dict.fromkeys(broken(rule, match, document) for match in matches))
    listed = list(islice(findings, MOST_FINDINGS))
    if not listed:
        yield Finding(rule.id, rule.check_type, described(rule), Status.COMPLIANT, rule.severity)
        return
    yield from listed[:-1]
    yield replace(listed[-1], more=sum(1 for _ in findings))


def broken(rule: Rule, match: Match, document: Document) -> Finding:
    """Make the finding of one match."""
    placed = match.start is not None and match.end is not None
    section = document.section_at(match.start) if match.start is not None else None
    return Finding(
        rule=rule.id,
        check_type=rule.check_type,
        description=described(rule),
        status=rule.status,
        severity=match.severity or rule.severity,
        section=match.section or (section.type if section else None),
        start=match.start,
        end=match.end,
        flagged=document.text[match.start : match.end] if placed else None,
        recommendation=match.advice or rule.recommendation,
        replacement=match.replacement,
    )


def described(rule: Rule) -> str:
    """Say what the rule asks for, and who says so."""
    return f"{rule.description} ({rule.source})"


def place(finding: Finding) -> tuple[bool, int, int, str, str]:
    """The order of findings."""
    start = -1 if finding.start is None else finding.start
    end = -1 if finding.end is None else finding.end
    return finding.status is Status.COMPLIANT, start, end, finding.rule, finding.section or ""
