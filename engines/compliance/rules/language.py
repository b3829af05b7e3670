"""How a description is worded."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

import re
from collections.abc import Iterator

from contracts.args.descriptions import CheckType

from engines.compliance.document import Document
from engines.compliance.finders import (
    double_words,
    foreign_passages,
    in_body,
    long_sentences,
    pattern,
    terms,
)
from engines.compliance.findings import Severity, Status
from engines.compliance.rule import CounterExample, Example, Finder, Match, Rule
from engines.compliance.structure import DUTIES

STYLE_GUIDE = "Canada.ca Content Style Guide"
PROOFREADING = "The Canadian Style (Translation Bureau), revision and proofreading"
INCLUSIVE_EN = "Language Portal of Canada, Inclusive writing: Guidelines and resources"
INCLUSIVE = f"{STYLE_GUIDE}, inclusive writing; {INCLUSIVE_EN}"

# More words than this in a sentence are a warning; the guide's own aim is 15 to 20.
LONG, VERY_LONG = 40, 60

GENDERED_TITLES_EN = {
    "chairman": "“chair” or “chairperson”",
    "chairwoman": "“chair” or “chairperson”",
    "chairmen": "“chairs”",
    "foreman": "“supervisor”",
    "foremen": "“supervisors”",
    "workman": "“worker”",
    "workmen": "“workers”",
    "manpower": "“workforce” or “staff”",
    "man-hour": "“person-hours” or “hours of work”",
    "man-day": "“person-days”",
    "man-year": "“person-years”",
    "salesman": "“sales representative”",
    "salesmen": "“sales representatives”",
    "spokesman": "“spokesperson”",
    "spokeswoman": "“spokesperson”",
    "fireman": "“firefighter”",
    "firemen": "“firefighters”",
    "policeman": "“police officer”",
    "policemen": "“police officers”",
    "businessman": "“business person”",
    "businessmen": "“business people”",
    "draftsman": "“drafter”",
    "draughtsman": "“drafter”",
    "craftsman": "“artisan”",
    "tradesman": "“tradesperson”",
    "tradesmen": "“tradespeople”",
    "repairman": "“repairer”",
    "middleman": "“intermediary”",
    "right-hand man": "“principal assistant”",
    "man-made": "“artificial” or “built”",
    "mankind": "“humanity”",
}
GENDERED_TITLES_FR = {
    "contremaître": "« superviseur ou superviseure »",
    "année-homme": "« années-personnes »",
    "années-hommes": "« années-personnes »",
    "jours-hommes": "« jours-personnes »",
    "heures-hommes": "« heures-personnes »",
    "homme d’affaires": "« gens d’affaires »",
    "hommes d’affaires": "« gens d’affaires »",
    "hommes de métier": "« gens de métier »",
    "homme à tout faire": "« préposé ou préposée à l’entretien »",
    "femme de ménage": "« préposé ou préposée à l’entretien ménager »",
    "mademoiselle": "« madame »",
    "droits de l’homme": "« droits de la personne »",
}
ENGLISH_IN_FRENCH = {
    "meeting": "« réunion »",
    "feedback": "« rétroaction »",
    "email": "« courriel »",
    "e-mail": "« courriel »",
    "deadline": "« échéance »",
    "follow-up": "« suivi »",
    "stakeholder": "« intervenant » or « partie prenante »",
    "check-list": "« liste de vérification »",
    "checklist": "« liste de vérification »",
    "brainstorming": "« remue-méninges »",
    "networking": "« réseautage »",
    "reporting": "« rapports » or « production de rapports »",
    "benchmarking": "« étalonnage »",
    "team building": "« consolidation d’équipe »",
    "overtime": "« heures supplémentaires »",
    "software": "« logiciel »",
    "hardware": "« matériel »",
    "mindset": "« état d’esprit »",
    "background": "« antécédents » or « formation »",
    "backup": "« sauvegarde »",
    "staff": "« personnel »",
    "staffing": "« dotation »",
    "skill": "« compétence »",
    "job description": "« description de travail »",
    "user-friendly": "« convivial »",
    "business case": "« analyse de rentabilisation »",
    "task force": "« groupe de travail »",
    "due diligence": "« diligence raisonnable »",
    "storytelling": "« mise en récit »",
    "newsletter": "« infolettre »",
    "webinar": "« webinaire »",
    "call center": "« centre d’appels »",
    "empowerment": "« autonomisation »",
}

AT_THE_END = r"(?=[.;]?[ \t]*(?:\n|$))"
AS_REQUIRED = r"as (?:appropriate|required|assigned|needed|necessary)"
VAGUE_EN = (
    r"(?P<flag>(?:liaises|works|interacts|consults|collaborates|communicates) with (?:\w+ ){0,2}"
    rf"(?:stakeholders|others|parties)(?: {AS_REQUIRED})?{AT_THE_END}"
    r"|(?:provides|offers) (?:support|assistance|advice) (?:to|for|on|in) (?:various|different|diverse) \w+"
    r"|(?:(?:performs|carries out|undertakes|assumes) )?(?:any )?other (?:related )?(?:duties|tasks)"
    rf"(?:,? {AS_REQUIRED}|{AT_THE_END})"
    r"|(?:various|miscellaneous|a variety of) (?:initiatives|duties|tasks|projects|activities|matters)"
    rf"|{AS_REQUIRED}{AT_THE_END})"
)
IF_NEEDED = r"(?:selon les besoins|au besoin|s[’']il y a lieu|le cas échéant)"
VAGUE_FR = (
    r"(?P<flag>(?:assure|effectue|fait) la liaison avec (?:les|des) (?:intervenants|parties prenantes|partenaires)"
    rf"(?:,? {IF_NEEDED})?{AT_THE_END}"
    r"|(?:appuie|soutient) (?:diverses|différentes|plusieurs) \w+"
    r"|(?:s[’']acquitte |exécute |accomplit |effectue )?(?:de )?(?:d[’']autres|toutes? autres?) (?:fonctions|tâches)"
    rf"(?: connexes)?(?:,? {IF_NEEDED}|{AT_THE_END})"
    r"|(?:diverses|différentes) (?:initiatives|fonctions|tâches|activités)"
    rf"|{IF_NEEDED}{AT_THE_END})"
)


def in_duties(document: Document, place: int) -> bool:
    """In the body of a section that lists duties."""
    section = document.section_at(place)
    return section is not None and section.type in DUTIES and in_body(document, place)


def generic_pronouns() -> Finder:
    """Find he, she and their forms where they stand for whoever holds the position; pairs of both are fine."""
    pair = r"(?:he or she|she or he|his or her|her or his|him or her|her or him|himself or herself|herself or himself)"
    slashed = (
        r"(?:s?/?he/she|she/he|his/her|her/his|him/her|s/he|\(s\)he|himself/herself|he/they|they/he|she/they|they/she)"
    )
    paired = re.compile(rf"\b{pair}s?\b|{slashed}s?\b", re.IGNORECASE)
    single = pattern(
        r"\b(?:he|his|him|himself|she|her|hers|herself)\b(?!(?:self)?s? (?:Majesty|Excellency|Royal|Honour|Worship))",
        unless=r"\b(?:Mr|Mrs|Ms|Mx)\.? [A-Z]|\b(?:Queen|King)\b|pronouns?",
        advice=lambda match: f"Write {NEUTRAL[match.group().lower()]}: anyone may hold the position.",
    )

    def find(document: Document) -> Iterator[Match]:
        in_pairs = {place for match in paired.finditer(document.masked) for place in range(*match.span())}
        return (match for match in single(document) or () if match.start not in in_pairs)

    return find


NEUTRAL = {
    "he": "“they”, or name the position",
    "she": "“they”, or name the position",
    "his": "“their”, or name the position",
    "her": "“their” or “them”, or name the position",
    "hers": "“theirs”, or name the position",
    "him": "“them”, or name the position",
    "himself": "“themselves”, or leave it out",
    "herself": "“themselves”, or leave it out",
}
LATIN = {"eg": "for example", "ie": "that is", "pex": "par exemple", "càd": "c’est-à-dire"}


def spelled_out(match: re.Match[str]) -> str:
    """Write an abbreviation in full. In English a comma follows what it stands for."""
    written = match.group()
    full = LATIN[re.sub(r"[\W_]", "", written.lower())]
    if full.isascii() and not full.startswith("par") and match.string[match.end() : match.end() + 1] not in {",", ":"}:
        full += ","
    return full[0].upper() + full[1:] if written[0].isupper() else full


LANGUAGE: tuple[Rule, ...] = (
    Rule(
        id="generic_masculine",
        check_type=CheckType.LANGUAGE,
        status=Status.VIOLATION,
        severity=Severity.MEDIUM,
        description="The person who holds the position has no gender.",
        source=INCLUSIVE,
        recommendation="Name both, « le ou la titulaire », or the position: « la personne titulaire du poste ».",
        finders={
            "en": generic_pronouns(),
            "fr": pattern(
                r"(?<!la titulaire ou )(?<!la ou )\b(?:le|du|au) titulaire\b(?! ou (?:à )?la| ?/ ?(?:à )?la"
                r"| d[’']une?\b)"
                r"|(?<!la candidate ou )\b(?:le|du|au) candidat\b(?! ou (?:à )?la| ?/ ?(?:à )?la)",
            ),
        },
        examples=(
            Example("en", "The Manager plans and he signs his contracts himself.", ("he", "his", "himself")),
            Example("en", "She tests them twice a year.", ("She",)),
            Example("fr", "Le titulaire dirige le service.", ("Le titulaire",)),
        ),
        counter_examples=(
            CounterExample("en", "The incumbent certifies that she or he has read it, and his or her comments."),
            CounterExample("en", "The theatre shed its history; Her Majesty the Queen in right of Canada."),
            CounterExample("fr", "Le ou la titulaire dirige; la titulaire ou le titulaire est titulaire d’un permis."),
        ),
    ),
    Rule(
        id="gendered_title",
        check_type=CheckType.LANGUAGE,
        status=Status.VIOLATION,
        severity=Severity.MEDIUM,
        description="Titles and terms do not presume a gender.",
        source=INCLUSIVE,
        recommendation="Write a term that includes everyone.",
        finders={"en": terms(GENDERED_TITLES_EN), "fr": terms(GENDERED_TITLES_FR)},
        examples=(
            Example("en", "The Chairman asks the foremen for 40 man-hours.", ("Chairman", "foremen", "man-hours")),
            Example("fr", "Le contremaître compte les années-hommes.", ("contremaître", "années-hommes")),
        ),
        counter_examples=(
            CounterExample("en", "The Ombudsman of Manitoba manages human resources and chairs the committee."),
            CounterExample("fr", "La main-d’œuvre et les années-personnes; Mme Lhomme préside le comité."),
        ),
    ),
    Rule(
        id="abbreviated_doublet",
        check_type=CheckType.LANGUAGE,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="Both genders are written out, or neither is named.",
        source=f"{INCLUSIVE}; Écriture inclusive : Lignes directrices et ressources",
        recommendation="Write both forms in full or a term that includes everyone: screen readers stumble over slashes,"
        " brackets and points within a word.",
        finders={
            "en": pattern(
                r"(?<![\w/])(?:s/he|\(s\)he|he/she|she/he|his/hers?|hers?/his|him/her|her/him|himself/herself)(?![\w/])"
            ),
            "fr": pattern(
                r"(?<![\w.])(?:[^\W\d_]{2,}(?:\((?:e|ne|le|ve|euse|trice|ière|ère|fe|se)s?\)s?|(?:[·•⋅‧][a-zéèê]{1,6}){1,3})"
                r"|[^\W\d_]{3,}(?:é|eur|ent|ant|ien|er)\.(?:e|ne|trice|euse)\.?s?|[^\W\d_]{2,}(?:é|i|u|ant|ent|ien)-(?:e|ne)(?:-s)?"
                r"|[^\W\d_]{3,}(?:és?/e?s|és?/ées?|eurs?/(?:trices?|euses?|eures?)|iers?/(?:ières?|ères?)))(?![\w·])"
            ),
        },
        examples=(
            Example("en", "When he/she or s/he signs.", ("he/she", "s/he")),
            Example(
                "fr",
                "Les employé(e)s, les directeur/trices et les gestionnaire·s étudiant.e.s.",
                ("employé(e)s", "directeur/trices", "gestionnaire·s", "étudiant.e.s"),
            ),
        ),
        counter_examples=(
            CounterExample("en", "The employee and/or the manager; client/server; she or he."),
            CounterExample(
                "fr", "Les employés et employées; le sous-ministre adjoint; la date limite (e) et l’annexe (s)."
            ),
        ),
    ),
    Rule(
        id="wrong_language",
        check_type=CheckType.LANGUAGE,
        status=Status.VIOLATION,
        severity=Severity.HIGH,
        description="Each version is in one official language from beginning to end.",
        source="Official Languages Act, s. 13 and 36",
        recommendation="Have this passage translated: it is in the other official language.",
        finders={"en": foreign_passages(), "fr": foreign_passages()},
        examples=(
            Example(
                "en",
                "The clerk files.\n\nLe ou la gestionnaire planifie les services et rend compte des résultats au"
                " directeur.",
                ("Le ou la gestionnaire planifie les services et rend compte des résultats au directeur.",),
            ),
            Example(
                "fr",
                "Dirige le service. The Manager plans the services and answers for their results to the Director.",
                ("The Manager plans the services and answers for their results to the Director.",),
            ),
        ),
        counter_examples=(
            CounterExample(
                "en", "Works with the Office québécois de la langue française and the Caisse de dépôt et placement."
            ),
            CounterExample(
                "fr", "Travaille avec le programme « Building the Future of Canada » pour les services du ministère."
            ),
        ),
    ),
    Rule(
        id="english_word",
        check_type=CheckType.LANGUAGE,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="French text uses French words.",
        source="Termium Plus; Guide du rédacteur",
        recommendation="Write the French word.",
        finders={"fr": terms(ENGLISH_IN_FRENCH)},
        examples=(
            Example("fr", "Un meeting avec les stakeholders et du feedback.", ("meeting", "stakeholders", "feedback")),
        ),
        counter_examples=(
            CounterExample("fr", "Son leadership, son expertise et le budget; envoyer à staff@example.org."),
        ),
    ),
    Rule(
        id="long_sentence",
        check_type=CheckType.LANGUAGE,
        status=Status.WARNING,
        severity=Severity.LOW,
        description=f"A sentence has {LONG} words at most.",
        source=f"{STYLE_GUIDE}, sentences: 15 to 20 words are best",
        recommendation="Divide it: one idea a sentence.",
        finders={"en": long_sentences(LONG, VERY_LONG), "fr": long_sentences(LONG, VERY_LONG)},
        examples=(
            Example("en", "Short one. " + "Word " * 40 + "end. Short.", ("Word " * 40 + "end.",)),
            Example("fr", "Le mot " + "mot " * 40 + "fin.", ("Le mot " + "mot " * 40 + "fin.",)),
        ),
        counter_examples=(
            CounterExample("en", "The Director leads e.g. planning. " * 30),
            CounterExample("en", "Duties include:\n" + "- plans the work of the unit\n" * 20),
            CounterExample("fr", "Le budget est de 1 085 000 $. " * 20),
        ),
    ),
    Rule(
        id="double_word",
        check_type=CheckType.LANGUAGE,
        status=Status.VIOLATION,
        severity=Severity.LOW,
        description="No word stands twice by mistake.",
        source=PROOFREADING,
        recommendation="Take one of the two words out.",
        finders={
            "en": double_words(frozenset({"that", "had"})),
            "fr": double_words(frozenset({"nous", "vous", "en", "si"})),
        },
        examples=(
            Example("en", "Plans the the work.", ("the the",)),
            Example("fr", "Le plan de de la région.", ("de de",)),
        ),
        counter_examples=(
            CounterExample("en", "The budget that that office had had; in Bora Bora, BBB BBB, 40 40."),
            CounterExample("fr", "Nous nous réunissons; tout en en réduisant le coût; jour-là là-bas."),
        ),
    ),
    Rule(
        id="latin_abbreviation",
        check_type=CheckType.LANGUAGE,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="Abbreviations for “for example” and “that is” are written out.",
        source=f"{STYLE_GUIDE}, abbreviations",
        recommendation="Write it in full.",
        finders={
            "en": pattern(r"(?<![\w.])(?:e\.g\.?|i\.e\.?|(?:eg|ie)\.)(?!\w)", replacement=spelled_out),
            "fr": pattern(
                r"(?<![\w.])(?:p\.[\s\u00a0]?ex\.|c\.-à-d\.|c\.-à\.-d\.|c\.à\.d\.|c-à-d)(?!\w)", replacement=spelled_out
            ),
        },
        examples=(
            Example("en", "Equipment (e.g., boats), i.e. the fleet.", ("e.g.", "i.e.")),
            Example("fr", "Le matériel (p. ex. les bateaux), c.-à-d. le parc.", ("p. ex.", "c.-à-d.")),
        ),
        counter_examples=(
            CounterExample("en", "For example, section 4.1.e. of the leggings policy."),
            CounterExample("fr", "Par exemple, l’annexe p. 12."),
        ),
    ),
    Rule(
        id="vague_duty",
        check_type=CheckType.LANGUAGE,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="A duty says what is done, for whom and to what end, so that it can be evaluated.",
        source="Treasury Board Directive on Classification, s. 4; EX standard, Appendix C",
        recommendation="Say who is meant, what is done with them and what comes of it, or leave the duty out.",
        finders={"en": pattern(VAGUE_EN, where=in_duties), "fr": pattern(VAGUE_FR, where=in_duties)},
        examples=(
            Example(
                "en",
                "## Specific Accountabilities\n\n1. Liaises with stakeholders as appropriate.\n2. Performs other"
                " duties as required.",
                ("Liaises with stakeholders as appropriate", "Performs other duties as required"),
            ),
            Example(
                "fr",
                "## Responsabilités particulières\n\n1. Assure la liaison avec les intervenants, selon les besoins.\n"
                "2. Appuie diverses initiatives.",
                ("Assure la liaison avec les intervenants, selon les besoins", "Appuie diverses initiatives"),
            ),
        ),
        counter_examples=(
            CounterExample("en", "## Nature and Scope\n\nThe Manager recommends an end if necessary and as required."),
            CounterExample("en", "## Key Activities\n\n1. Consults the bargaining agents as required by the Act."),
            CounterExample("fr", "## Nature et portée\n\nLa gestionnaire recommande, au besoin, d’y mettre fin."),
        ),
    ),
)
