"""How a description is set."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from contracts.args.descriptions import CheckType

from engines.compliance.document import Document
from engines.compliance.finders import anywhere, in_body, pattern
from engines.compliance.findings import Severity, Status
from engines.compliance.rule import CounterExample, Example, Finder, Match, Rule
from engines.compliance.sections import OTHER
from engines.compliance.structure import (
    EXECUTIVE_ORDER,
    duplicate_sections,
    empty_sections,
    numbering_gaps,
    punctuated_headings,
    section_order,
    skipped_levels,
)

STYLE_GUIDE = "Canada.ca Content Style Guide"
TYPOGRAPHY = "Le guide du rédacteur (Translation Bureau), punctuation; Canada.ca Content Style Guide in French"
PROOFREADING = "The Canadian Style (Translation Bureau), revision and proofreading"
NBSP = "\u00a0"
LONGEST_WORD = 40

MONTHS_EN = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTHS_FR = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
CAPITAL_MONTHS_FR = "|".join(month.capitalize() for month in MONTHS_FR.split("|"))


def french_dollars(match: re.Match[str]) -> str | None:
    """Turn `$1,085,000` into `1 085 000 $`; None where a fraction or a word such as million follows."""
    if match["rest"] or not re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d+", match["number"]):
        return None
    return match["number"].replace(",", NBSP) + f"{NBSP}$"


def no_break(match: re.Match[str]) -> str:
    """Put a space that does not break where an ordinary one is, or none."""
    return match.group().replace(" ", NBSP)


def breaking_spaces() -> Finder:
    """Find the first space that a line may break at before : » % $ or after «, and say how many more there are."""
    ordinary = re.compile(r"(?<=\S) (?=[:»%$](?!\w))|(?<=«) (?=\S)")

    def find(document: Document) -> Iterator[Match]:
        found = list(ordinary.finditer(document.masked))
        if found:
            more = f", here and in {len(found) - 1} more places" if len(found) > 1 else ""
            advice = f"Put a no-break space before : » % $ and after «{more}: no line may begin with these signs."
            yield Match(found[0].start() - 1, found[0].end() + 1, advice=advice)

    return find


def ampersands(conjunction: str) -> Finder:
    """Find & where "and" belongs: in headings that are known, and beside a word in small letters."""
    between = re.compile(r"(?<=[\w)’'.,])[ \u00a0](?P<sign>&)[ \u00a0](?=[\w(])")

    def find(document: Document) -> Iterator[Match]:
        for match in between.finditer(document.masked):
            start, end = match.span("sign")
            before = document.masked[max(0, start - LONGEST_WORD) : start].split()[-1]
            section = document.section_at(start)
            heading = section is not None and document.in_heading(start) and section.type != OTHER
            if heading or before[0].islower() or document.masked[end + 1].islower():
                capitals = heading and section is not None and section.title.isupper()
                yield Match(start, end, replacement=conjunction.upper() if capitals else conjunction)

    return find


COLUMNS = re.compile(r"\S(?:\t|[ \u00a0]{3,}|[ ]?\|)")


def outside_columns(document: Document, place: int) -> bool:
    """Outside headings, and on a line that is not laid out in columns."""
    return in_body(document, place) and not is_in_columns(document.line_at(place).text)


@lru_cache(maxsize=1)
def is_in_columns(line: str) -> bool:
    """Is a line laid out in columns? A long one is asked about again and again."""
    return COLUMNS.search(line) is not None


FORMAT: tuple[Rule, ...] = (
    Rule(
        id="french_spacing",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="In Canadian French no space stands before ; ! and ?, and one stands before : and within « ».",
        source=TYPOGRAPHY,
        recommendation="Take the space out before ; ! or ?, and put a no-break space before : and within « ».",
        finders={
            "fr": pattern(
                r"(?<=[\w)»])(?P<flag>(?P<space>[ \u00a0\u202f]+)(?P<sign>[;!?]))(?![\w])"
                r"|(?P<colon>(?<=[^\W\d_])[:])(?=[ \u00a0][\w«(])|(?P<open>«(?=\w))|(?P<close>(?<=[\w.!?)])»)",
                replacement=lambda match: (
                    match["sign"] or (f"{NBSP}:" if match["colon"] else f"«{NBSP}" if match["open"] else f"{NBSP}»")
                ),
                where=anywhere,
            )
        },
        examples=(
            Example("fr", "Le superviseur (AS-03 ; 5 employés) planifie !", (" ;", " !")),
            Example("fr", "Titre du poste: «Commis»", (":", "«", "»")),
        ),
        counter_examples=(
            CounterExample(
                "fr", "Le superviseur (AS-03; 5 employés) : « Vraiment! » dit-il à 16:30. Quoi? https://a.ca"
            ),
        ),
    ),
    Rule(
        id="french_no_break_space",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="In French a no-break space stands before : » % $ and after «.",
        source=TYPOGRAPHY,
        recommendation="Put a no-break space there.",
        finders={"fr": breaking_spaces()},
        examples=(Example("fr", "Titre : Commis\nBudget : 100 $", ("e :",)),),
        counter_examples=(CounterExample("fr", "Titre\u00a0: Commis\nBudget\u202f: 100\u00a0$, «\u00a0oui\u00a0»"),),
    ),
    Rule(
        id="money_and_percent",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="Dollars and percentages are written as the language writes them: $100 and 20%, 100 $ and 20 %.",
        source=f"{STYLE_GUIDE}, numbers, money and percentages",
        recommendation="Write $100 and 20% in English, 100 $ and 20 % in French.",
        finders={
            "en": pattern(
                r"(?<![\d$.,])(?P<number>\d+(?:[,.]\d+)*)(?P<space>[ \u00a0\u202f]*)(?:(?P<dollars>\$)(?![\w$])"
                r"|(?<=[ \u00a0\u202f])(?P<percent>%))",
                replacement=lambda match: f"${match['number']}" if match["dollars"] else f"{match['number']}%",
                where=in_body,
            ),
            "fr": pattern(
                r"(?<![\w$])(?P<flag>\$[ \u00a0]?(?P<number>\d+(?:,\d{3})*)(?P<rest>\.\d+|[ \u00a0]?(?:millions?"
                r"|milliards?|[MGk]\b))?)"
                r"|(?<![\d.,])(?P<percent>\d+(?:,\d+)?)%",
                replacement=lambda match: f"{match['percent']}{NBSP}%" if match["percent"] else french_dollars(match),
                where=in_body,
            ),
        },
        examples=(
            Example("en", "The budget is 40,000 $, up 20 %.", ("40,000 $", "20 %")),
            Example("fr", "Le budget est de $1,085,000, soit 20% de plus.", ("$1,085,000", "20%")),
        ),
        counter_examples=(
            CounterExample("en", "The budget is $40,000, up 20%, in 2026 $2.4 million a year."),
            CounterExample(
                "fr", "Le budget est de 40\u00a0000\u00a0$, soit 20\u00a0% de plus, et 2,4\u00a0M$ par année."
            ),
        ),
    ),
    Rule(
        id="date_form",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="Dates cannot be misread: June 15, 2026, le 15 juin 2026, or 2026-06-15.",
        source=f"{STYLE_GUIDE}, dates; Data Reference Standard on Date and Time Format (ISO 8601)",
        recommendation="Write the month as a word, or the date as 2026-06-15.",
        finders={
            "en": pattern(
                r"(?<![\d/.-])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\d/])"
                rf"|\b(?P<month>{MONTHS_EN}) (?P<day>\d{{1,2}})(?P<ordinal>st|nd|rd|th)\b",
                replacement=lambda match: f"{match['month']} {match['day']}" if match["ordinal"] else None,
                where=anywhere,
            ),
            "fr": pattern(
                r"(?<![\d/.-])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\d/])"
                rf"|(?<!\d)\d{{1,2}}[ \u00a0](?P<flag>(?P<month>(?-i:{CAPITAL_MONTHS_FR})))\b"
                rf"|(?<![\d,.])(?P<first>1)(?=[ \u00a0](?:{MONTHS_FR})\b)",
                replacement=lambda match: (
                    match["month"].lower() if match["month"] else "1er" if match["first"] else None
                ),
                where=anywhere,
            ),
        },
        examples=(
            Example("en", "From 03/04/2026 until June 15th, 2026.", ("03/04/2026", "June 15th")),
            Example("fr", "Du 1 avril au 15 Juin 2026, puis le 03/04/2026.", ("1", "Juin", "03/04/2026")),
        ),
        counter_examples=(
            CounterExample("en", "From June 15, 2026 to 2026-07-01, 24/7, in Q1/Q2 of 2026/27."),
            CounterExample("fr", "Du 1er avril au 15 juin 2026, 24 heures sur 24; Mai est un mois; 11 mars."),
        ),
    ),
    Rule(
        id="ampersand",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="“And” is a word, in headings too.",
        source=f"{STYLE_GUIDE}, symbols",
        recommendation="Write the word instead of &.",
        finders={"en": ampersands("and"), "fr": ampersands("et")},
        examples=(
            Example("en", "NATURE & SCOPE\n\nPlans & budgets, research & Development.", ("&", "&", "&")),
            Example("fr", "NATURE & PORTÉE\n\nles plans & budgets", ("&", "&")),
        ),
        counter_examples=(
            CounterExample("en", "R&D with Johnson & Johnson and AT&T."),
            CounterExample("fr", "La R&D avec Ernst & Young."),
        ),
    ),
    Rule(
        id="heading_punctuation",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="Headings end without punctuation.",
        source=f"{STYLE_GUIDE}, headings",
        recommendation="Take the punctuation out.",
        finders={"en": punctuated_headings, "fr": punctuated_headings},
        examples=(
            Example("en", "GENERAL ACCOUNTABILITY:\n\nX.\n\n## **Dimensions.**\n\nX.", (":", ".")),
            Example("fr", "DIMENSIONS :\n\nX.", (" :",)),
        ),
        counter_examples=(
            CounterExample("en", "## What do we do?\n\nX.\n\n## Dimensions\n\nX."),
            CounterExample("fr", "## Conditions de travail (suite)\n\nX."),
        ),
    ),
    Rule(
        id="heading_level",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="No level of heading is skipped.",
        source="CAN/ASC - EN 301 549, clause 10.1.3.1 (info and relationships)",
        recommendation="Give the heading the level below the one before.",
        finders={"en": skipped_levels, "fr": skipped_levels},
        examples=(
            Example("en", "# Work Description\n\nX.\n\n### Dimensions\n\nX.", ("### Dimensions",)),
            Example("fr", "## Dimensions\n\nX.\n\n#### Budget\n\nX.", ("#### Budget",)),
        ),
        counter_examples=(
            CounterExample("en", "# A\n\n## B\n\n### C\n\n## D\n\nX."),
            CounterExample("fr", "DIMENSIONS\n\nX.\n\n### Budget\n\nX."),
        ),
    ),
    Rule(
        id="section_order",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="The sections of an executive's description come in the order of the benchmark positions.",
        source="Executive Group Job Evaluation Standard 2022, Appendix C",
        recommendation="Move the section.",
        finders={"en": section_order(EXECUTIVE_ORDER), "fr": section_order(EXECUTIVE_ORDER)},
        examples=(
            Example(
                "en",
                "Position Classification: EX-01\n\nDIMENSIONS\n\nX.\n\nNATURE AND SCOPE\n\nX.",
                ("NATURE AND SCOPE",),
            ),
            Example(
                "fr", "Niveau du poste : EX-01\n\nDIMENSIONS\n\nX.\n\nNATURE ET PORTÉE\n\nX.", ("NATURE ET PORTÉE",)
            ),
        ),
        counter_examples=(
            CounterExample("en", "Group/Level: AS-05\n\nDIMENSIONS\n\nX.\n\nNATURE AND SCOPE\n\nX."),
            CounterExample("fr", "Niveau du poste : EX-01\n\nNATURE ET PORTÉE\n\nX.\n\nDIMENSIONS\n\nX."),
        ),
    ),
    Rule(
        id="duplicate_section",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="Each section stands once.",
        source="Treasury Board Directive on Classification, s. 4",
        recommendation="Join the two sections, or give this one its own heading.",
        finders={"en": duplicate_sections, "fr": duplicate_sections},
        examples=(
            Example("en", "DIMENSIONS\n\nX.\n\nNATURE AND SCOPE\n\nX.\n\nDIMENSIONS\n\nX.", ("DIMENSIONS",)),
            Example("fr", "## Dimensions\n\nX.\n\n## Données chiffrées\n\nX.", ("## Données chiffrées",)),
        ),
        counter_examples=(
            CounterExample("en", "GENERAL ACCOUNTABILITY\nRESPONSABILITES GENERALES\n\nX.\n\nDIMENSIONS\n\nX."),
            CounterExample("fr", "## Autre\n\nX.\n\n## Autre\n\nX."),
        ),
    ),
    Rule(
        id="empty_section",
        check_type=CheckType.FORMAT,
        status=Status.VIOLATION,
        severity=Severity.MEDIUM,
        description="There is text below every heading.",
        source="Treasury Board Directive on Classification, s. 4",
        recommendation="Write the section, or take its heading out.",
        finders={"en": empty_sections, "fr": empty_sections},
        examples=(
            Example("en", "## Dimensions\n\n## Nature and Scope\n\nX.", ("## Dimensions",)),
            Example("fr", "DIMENSIONS\n\nX.\n\nATTESTATION\n", ("ATTESTATION",)),
        ),
        counter_examples=(
            CounterExample("en", "## Specific Accountabilities\n\n### Planning\n\nX."),
            CounterExample("fr", "# DESCRIPTION DE TRAVAIL\n\n## Dimensions\n\nX."),
        ),
    ),
    Rule(
        id="double_space",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="One space stands between two words.",
        source=PROOFREADING,
        recommendation="Leave one space.",
        # After a sentence two spaces are an old habit, and in columns they are how plain text makes tables.
        finders={
            language: pattern(
                r"(?<=[\w,;)’'»%])(?P<flag>[ \u00a0]{2})(?=[\w(«])",
                replacement=lambda _match: " ",
                where=outside_columns,
            )
            for language in ("en", "fr")
        },
        examples=(
            Example("en", "Plans  the work.", ("  ",)),
            Example("fr", "Planifie  le travail.", ("  ",)),
        ),
        counter_examples=(
            CounterExample("en", "Plans the work.  Directs it.\nTotal   12    40\n  Indented."),
            CounterExample("fr", "Planifie le travail\u00a0: il le dirige."),
        ),
    ),
    Rule(
        id="list_numbering",
        check_type=CheckType.FORMAT,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="A numbered list counts without a gap.",
        source=PROOFREADING,
        recommendation="Renumber the list.",
        finders={"en": numbering_gaps, "fr": numbering_gaps},
        examples=(
            Example("en", "1. Plans.\n2. Directs.\n4. Reports.\n5. Hires.", ("4",)),
            Example("fr", "1. Planifie.\n\n3. Dirige.", ("3",)),
        ),
        counter_examples=(
            CounterExample("en", "1. Plans.\n   Continued.\n2. Directs.\n\nText.\n\n1. Again.\n1. Again."),
            CounterExample("fr", "1. Planifie.\n- détail\n2. Dirige.\n2026. Une année."),
        ),
    ),
)
