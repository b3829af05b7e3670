"""What laws and directives ask of a description."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

import re

from contracts.args.descriptions import CheckType

from engines.compliance.document import Document, Label
from engines.compliance.finders import anywhere, pattern
from engines.compliance.findings import Severity, Status
from engines.compliance.rule import CounterExample, Example, Match, Rule
from engines.compliance.structure import (
    DUTIES,
    executive,
    label_value,
    missing_label,
    missing_sections,
    not_executive,
)

CHRA_8 = "Canadian Human Rights Act, s. 8"
CLASSIFICATION = "Treasury Board Directive on Classification, s. 4"
EX_STANDARD = "Executive Group Job Evaluation Standard 2022, Appendix C"
OLA_91 = "Official Languages Act, s. 91"

EXECUTIVE_SECTIONS = missing_sections(
    executive,
    (
        "general_accountability",
        {"general_accountability"},
        "Add the section General Accountability (Responsabilités générales): why the position exists.",
    ),
    (
        "organization_structure",
        {"organization_structure"},
        "Add the section Organization Structure (Structure organisationnelle): who is above, beside and below.",
    ),
    (
        "nature_and_scope",
        {"nature_and_scope"},
        "Add the section Nature and Scope (Nature et portée): the setting, the challenges and the freedom to act.",
    ),
    (
        "dimensions",
        {"dimensions"},
        "Add the section Dimensions (Étendue des responsabilités): employees, budgets and other measures of size.",
    ),
    (
        "specific_accountabilities",
        DUTIES,
        "Add the section Specific Accountabilities (Responsabilités particulières): the results to answer for.",
    ),
)
OTHER_SECTIONS = missing_sections(
    not_executive,
    (
        "client_service_results",
        {"client_service_results", "general_accountability", "nature_and_scope"},
        "Add a section that says what the position is for: Client Service Results, or General Accountability.",
    ),
    (
        "key_activities",
        DUTIES,
        "Add a section that lists the duties: Key Activities, or Specific Accountabilities.",
    ),
)
CONDITIONS_OF_WORK = missing_sections(
    not_executive,
    (
        "working_conditions",
        {"working_conditions"},
        "Add the section Working Conditions (Conditions de travail): where and in what conditions the work is done.",
    ),
)

PROFILE = re.compile(r"(?<![\w/-])[ABCPX-]{3}(?:\s*/\s*[ABCPX-]{3})?(?![\w/-])")
UNILINGUAL = re.compile(
    r"\b(?:english|french|anglais|français|francais)\b.*\bess?en\w+|^\W*(?:EE|FE|E/F|EF|AE|FR?E)\W*$", re.IGNORECASE
)
BILINGUAL = re.compile(r"biling", re.IGNORECASE)
SUPERVISES = re.compile(
    r"\bsupervises?\b[^.\n]{0,40}\b(?:employees|staff|team)|\bpositions? reports? to (?:the|this)\b"
    r"|\bsupervise\b[^.\n]{0,40}\b(?:employés|personnel|équipe)|\bpostes? relèvent\b",
    re.IGNORECASE,
)
# Reading, writing and speaking at C, B and C: what each of the three may not be.
BELOW_CBC = (frozenset("ABX-"), frozenset("AX-"), frozenset("ABX-"))


def is_below(profile: str) -> bool:
    """Is one of the three skills below CBC? P stands beside the levels."""
    return any(level in low for level, low in zip(profile, BELOW_CBC, strict=True))


def judge_profile(label: Label, _document: Document) -> Match | None:
    """Hold language requirements against the forms they may have."""
    if BILINGUAL.search(label.value) and not PROFILE.search(label.value):
        return Match(label.start, label.end)
    if BILINGUAL.search(label.value) or UNILINGUAL.search(label.value) or PROFILE.fullmatch(label.value):
        return None
    return Match(label.start, label.end)


def judge_supervisor(label: Label, document: Document) -> Match | None:
    """Hold the profile of a bilingual position that supervises against the least there is for one."""
    profile = PROFILE.search(label.value)
    if profile is None or not BILINGUAL.search(label.value) or not SUPERVISES.search(document.masked):
        return None
    low = any(is_below(side.strip()) for side in profile.group().split("/"))
    return Match(label.start + profile.start(), label.start + profile.end()) if low else None


GROUP_EN = (
    r"(?:males?|females?|men|women|man|woman|single|married|unmarried|Christians?|Muslims?|Jewish|white|Canadian-born"
    r"|young|younger|youthful)"
)
AGE_EN = r"(?:under|over|below|above|younger than|older than|at least|between|aged?)"
PEOPLE_EN = r"(?:candidates?|applicants?|incumbents?|employees?|persons?|individuals?)"
BEING_EN = r"(?:(?:who|that) (?:is|are) |(?:must|should|shall|will) be )?"
GIVEN_EN = r"(?:prefer(?:ence|red)?|priority)(?: (?:will be|is|shall be))?(?: given)? (?:to|for)"
PREFERENCE_EN = (
    rf"{PEOPLE_EN} {BEING_EN}{AGE_EN} (?:the age of )?\d\d(?: (?:and|to|-) \d\d)?"
    r"(?! ?(?:%|percent))(?= years? (?:old|of age)|[.,;]|$)"
    rf"|(?:must|should|shall) be (?:an? )?{GROUP_EN}(?! (?:\w+ )?(?:owned|led))"
    r"|(?:young|youthful) (?:and \w+ )?(?:candidates?|applicants?|incumbents?|recruits?)"
    rf"|{GIVEN_EN} (?:\w+ )?{GROUP_EN}\b(?! (?:businesses|clients))"
    rf"|\b{GROUP_EN} (?:candidates?|applicants?) (?:are |is )?(?:only|preferred)"
    r"|no (?:children|family responsibilities|family commitments)"
)
PEOPLE_FR = r"(?:candidate?s?|candidats?|titulaires?|employée?s?|personnes?|postulante?s?)"
GROUP_FR = r"(?:hommes?|femmes?|jeunes?|célibataires?|mariée?s?|chrétien(?:ne)?s?|musulmane?s?)"
MUST_BE_FR = r"(?:doit|doivent|devra|devront) être"
PREFERENCE_FR = (
    rf"{PEOPLE_FR} (?:{MUST_BE_FR} )?âgée?s? (?:de (?:moins|plus) de|de|entre) \d\d(?: (?:et|à) \d\d)? ans"
    rf"|{PEOPLE_FR} de (?:moins|plus) de \d\d ans(?! d)"
    rf"|{MUST_BE_FR} (?:une? )?(?:jeune )?{GROUP_FR}\b"
    r"|jeunes? (?:et \w+ )?(?:candidate?s?|candidats?|titulaires?|recrues?)"
    rf"|(?:préférence|priorité)(?: (?:sera|est))?(?: (?:accordée|donnée))? (?:aux|à des|à un|à une) {GROUP_FR}\b"
    r"|sans (?:enfants?|obligations? familiales?)"
)
LAWFUL = (
    r"employment equity|special program|self-identif|équité en matière d[’']emploi|programmes? spécia|auto-?identifi"
    r"|regardless|welcome|sans égard|peu importe"
)

POLICY: tuple[Rule, ...] = (
    Rule(
        id="required_section",
        check_type=CheckType.POLICY,
        status=Status.VIOLATION,
        severity=Severity.HIGH,
        description="A description has the sections from which the work is evaluated.",
        source=f"{CLASSIFICATION}; {EX_STANDARD}",
        recommendation="Add the section.",
        finders={
            language: lambda document: (
                EXECUTIVE_SECTIONS(document) if document.is_executive else OTHER_SECTIONS(document)
            )
            for language in ("en", "fr")
        },
        examples=(
            Example(
                "en",
                "Position Title: Director\nPosition Classification: EX-01\n\nGENERAL ACCOUNTABILITY\n\nX.\n\n"
                "NATURE & SCOPE\n\nX.\n\nSPECIFIC ACCOUNTIBILITIES\n\nX.\n",
                ("", ""),
            ),
            Example("fr", "Groupe et niveau : AS-05\n\nNATURE ET PORTEE\n\nX.\n", ("",)),
        ),
        counter_examples=(
            CounterExample(
                "en",
                "Position Title: Clerk\nGroup/Level: CR-04\n\n## Client Service Results\n\nX.\n\n## Key"
                " Activities\n\nX.",
            ),
            CounterExample(
                "fr",
                "Niveau du poste : EX-01\n\nRESPONSABILITES GENERALES\n\nX.\n\nSTRUCTURE ORGANISATIONNELLE\n\nX.\n\n"
                "NATURE ET PORTEE DES FONCTIONS\n\nX.\n\nDONNEES CHIFFREES\n\nX.\n\nRESPONSABILITES SPECIFIQUES\n\nX.",
            ),
        ),
    ),
    Rule(
        id="working_conditions",
        check_type=CheckType.POLICY,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="The value of work is told by skill, effort, responsibility and working conditions.",
        source="Canadian Human Rights Act, s. 11(2)",
        recommendation="Add the section on working conditions.",
        finders={"en": CONDITIONS_OF_WORK, "fr": CONDITIONS_OF_WORK},
        examples=(
            Example("en", "Group/Level: AS-05\n\n## Key Activities\n\nPlans the work.\n", ("",)),
            Example("fr", "Groupe et niveau : AS-05\n\n## Activités principales\n\nPlanifie.\n", ("",)),
        ),
        counter_examples=(
            CounterExample("en", "Group/Level: AS-05\n\nWORKING CONDITIONS\n\nAn office."),
            CounterExample("en", "Position Classification: EX-01\n\n## Dimensions\n\nTen employees."),
            CounterExample("fr", "Groupe et niveau : AS-05\n\nCONDITIONS DE TRAVAIL\n\nUn bureau."),
        ),
    ),
    Rule(
        id="supervisor",
        check_type=CheckType.POLICY,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="The tombstone says to whom the position reports.",
        source=CLASSIFICATION,
        recommendation="Add the line Supervisor Position Title (Titre du poste du superviseur) with its value.",
        finders={"en": missing_label("supervisor"), "fr": missing_label("supervisor")},
        examples=(
            Example("en", "Position Title: Clerk\nSupervisor Classification: EX-01\n\n## Dimensions\n\nX.", ("",)),
            Example("fr", "Titre du poste : Commis\n\n## Dimensions\n\nX.", ("",)),
        ),
        counter_examples=(
            CounterExample("en", "Position Title: Clerk\nReports to: Director\n\n## Dimensions\n\nX."),
            CounterExample("fr", "# Description de travail\n\nTitre du poste du superviseur : Directeur\n"),
        ),
    ),
    Rule(
        id="effective_date",
        check_type=CheckType.POLICY,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="The tombstone says from when the description applies.",
        source=CLASSIFICATION,
        recommendation="Add the line Effective Date (Date d’entrée en vigueur) with its value.",
        finders={"en": missing_label("effective_date"), "fr": missing_label("effective_date")},
        examples=(
            Example("en", "Position Title: Clerk\nEffective Date:\n\n## Dimensions\n\nX.", ("",)),
            Example("fr", "Titre du poste : Commis\n\n## Dimensions\n\nX.", ("",)),
        ),
        counter_examples=(
            CounterExample("en", "Effective Date: June 15, 2026\n\n## Dimensions\n\nX."),
            CounterExample("fr", "# Description de travail\n\nDate d'entree en vigueur : 15 juin 2026\n"),
        ),
    ),
    Rule(
        id="language_requirements",
        check_type=CheckType.POLICY,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="The description states the language requirements that the work objectively calls for.",
        source=OLA_91,
        recommendation="Add the line Language Requirements (Exigences linguistiques) with designation and profile.",
        finders={
            "en": missing_label("language_requirements", elsewhere="official_languages"),
            "fr": missing_label("language_requirements", elsewhere="official_languages"),
        },
        examples=(
            Example("en", "Position Title: Clerk\n\n## Dimensions\n\nX.", ("",)),
            Example("fr", "Titre du poste : Commis\n\n## Dimensions\n\nX.", ("",)),
        ),
        counter_examples=(
            CounterExample("en", "Language Requirements: English Essential\n\n## Dimensions\n\nX."),
            CounterExample("en", "Position Title: Clerk\n\n## Official Language Proficiency\n\nEnglish."),
            CounterExample("fr", "Exigences linguistiques : Bilingue CBC/CBC\n\n## Dimensions\n\nX."),
        ),
    ),
    Rule(
        id="language_profile",
        check_type=CheckType.POLICY,
        status=Status.VIOLATION,
        severity=Severity.HIGH,
        description="Language requirements are a designation, and for a bilingual position a profile of three skills.",
        source="Qualification Standards in Relation to Official Languages",
        recommendation="Write the designation and, for a bilingual position, the profile: three of A, B, C, P, X"
        " or - for"
        " reading, writing and speaking, such as CBC/CBC. A unilingual position is English Essential, French Essential,"
        " or English or French Essential.",
        finders={
            "en": label_value("language_requirements", judge_profile),
            "fr": label_value("language_requirements", judge_profile),
        },
        examples=(
            Example(
                "en",
                "Language Requirements: Bilingual Imperative BBD/BBB\n\n## Dimensions",
                ("Bilingual Imperative BBD/BBB",),
            ),
            Example("fr", "Exigences linguistiques : Bilingue\n\n## Dimensions", ("Bilingue",)),
        ),
        counter_examples=(
            CounterExample("en", "Language Requirements: Bilingual Imperative BBB/BBB\n\n## Dimensions"),
            CounterExample("en", "Language Requirements: English or French Essential\n\n## Dimensions"),
            CounterExample("fr", "Exigences linguistiques : Bilingue à nomination impérative CBC/CBC\n\n## Dimensions"),
            CounterExample("fr", "Exigences linguistiques : Français essentiel\n\n## Dimensions"),
        ),
    ),
    Rule(
        id="supervisory_profile",
        check_type=CheckType.POLICY,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="A bilingual position that supervises employees in a bilingual region asks for CBC/CBC at least.",
        source="Directive on Official Languages for People Management, in force for new appointments since 2025-06-20",
        recommendation="Find out whether the employees work in a bilingual region for the language of work. If they do,"
        " the profile has to be CBC/CBC or higher for new appointments.",
        finders={
            "en": label_value("language_requirements", judge_supervisor),
            "fr": label_value("language_requirements", judge_supervisor),
        },
        examples=(
            Example(
                "en",
                "Language Requirements: Bilingual Imperative BBB/BBB\n\n## Organization Structure\n\n"
                "Three positions report to the Manager.",
                ("BBB/BBB",),
            ),
            Example(
                "fr",
                "Exigences linguistiques : Bilingue BBB/BBB\n\n## Structure\n\nTrois postes relèvent de la"
                " gestionnaire.",
                ("BBB/BBB",),
            ),
        ),
        counter_examples=(
            CounterExample(
                "en", "Language Requirements: Bilingual CBC/CBC\n\n## Structure\n\nTwo positions report to the Chief."
            ),
            CounterExample(
                "en", "Language Requirements: Bilingual BBB/BBB\n\n## Structure\n\nThe Clerk reports to the Chief."
            ),
            CounterExample(
                "fr", "Exigences linguistiques : Anglais essentiel\n\n## Structure\n\nDeux postes relèvent du chef."
            ),
        ),
    ),
    Rule(
        id="security_level",
        check_type=CheckType.POLICY,
        status=Status.VIOLATION,
        severity=Severity.MEDIUM,
        description="The security level is one of those that are granted today.",
        source="Directive on Security Screening, in force since 2025-01-06",
        recommendation="Name a level in force: Reliability, Secret or Top Secret, each also as enhanced. Confidential,"
        " basic reliability and numbered levels are no longer granted.",
        finders={
            "en": pattern(
                r"\bsecurity(?: (?:level|clearance|requirements?|screening|status))?\s*:\s*(?:level\s+)?"
                r"(?P<flag>confidential|basic reliability|level (?:[123]|I{1,3})\b)"
                r"|\b(?:confidential|basic reliability|level (?:II?|[123])) (?:security )?clearance\b",
                where=anywhere,
            ),
            "fr": pattern(
                r"\b(?:sécurité|cote de sécurité|exigences? de sécurité|niveau de sécurité)[ \u00a0]*:\s*"
                r"(?P<flag>confidentiel(?:le)?|fiabilité de base|niveau (?:[123]|I{1,3})\b)"
                r"|\bcote de (?:sécurité (?:de niveau )?[«\s]*confidentiel(?:le)?|fiabilité de base)",
                where=anywhere,
            ),
        },
        examples=(
            Example("en", "Security Clearance: Confidential\n", ("Confidential",)),
            Example("en", "The incumbent needs a Confidential clearance.", ("Confidential clearance",)),
            Example("fr", "Cote de sécurité : Confidentiel\n", ("Confidentiel",)),
        ),
        counter_examples=(
            CounterExample("en", "Security Clearance: Enhanced Secret\nHandles confidential records."),
            CounterExample("fr", "Sécurité : Secret\nTraite des renseignements confidentiels."),
        ),
    ),
    Rule(
        id="prohibited_ground",
        check_type=CheckType.POLICY,
        status=Status.VIOLATION,
        severity=Severity.CRITICAL,
        description="No limitation or preference is based on a prohibited ground of discrimination.",
        source=f"{CHRA_8}, with the grounds of s. 3(1)",
        recommendation="Take this out, or say what the work objectively needs. Only a special program under s. 16"
        " of the"
        " Canadian Human Rights Act or employment equity may prefer a group, and the text then has to name it.",
        finders={
            "en": pattern(rf"(?<!\w)(?:{PREFERENCE_EN})(?!\w)", unless=LAWFUL),
            "fr": pattern(rf"(?<!\w)(?:{PREFERENCE_FR})(?!\w)", unless=LAWFUL),
        },
        examples=(
            Example("en", "Applicants under 35 years of age apply here.", ("Applicants under 35",)),
            Example("en", "The incumbent must be a young man.", ("must be a young",)),
            Example("en", "Preference will be given to women.", ("Preference will be given to women",)),
            Example("fr", "Une préférence sera accordée aux hommes.", ("préférence sera accordée aux hommes",)),
            Example("fr", "Les candidats âgés de 25 à 35 ans conviennent.", ("candidats âgés de 25 à 35 ans",)),
        ),
        counter_examples=(
            CounterExample("en", "The unit serves over 50 employees and 410 employees under 12 managers."),
            CounterExample("en", "Manages the Elderly Benefits program and its 50 employees."),
            CounterExample("en", "The Director leads programs for young people and for women-owned businesses."),
            CounterExample("en", "Under employment equity, preference will be given to women."),
            CounterExample("en", "Preference will be given to veterans and to Canadian citizens."),
            CounterExample(
                "fr", "Le service compte plus de 50 employés et des employés de plus de 10 ans d’expérience."
            ),
            CounterExample("fr", "Le programme s’adresse aux jeunes et aux femmes entrepreneures."),
        ),
    ),
    Rule(
        id="coded_preference",
        check_type=CheckType.POLICY,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="Wording does not imply a preference for an age or an origin.",
        source=CHRA_8,
        recommendation="Say which knowledge or ability the work needs; this wording implies an age or an origin.",
        finders={
            "en": pattern(
                r"\b(?:digital natives?|recent (?:university |college )?graduates?|new grads?|youthful energy"
                r"|young,? (?:and )?(?:dynamic|energetic|vibrant) \w+|native (?:English|French)(?: |-)speak(?:er"
                r"|ing)\w*"
                r"|(?:English|French) (?:as (?:a|their) )?mother tongue"
                r"|Canadian (?:work )?experience (?:is )?required)\b"
            ),
            "fr": pattern(
                r"\b(?:natifs? du numérique|jeunes? diplômée?s?|nouve(?:aux|lles) diplômée?s?"
                r"|équipe jeune et \w+|jeune et dynamique|langue maternelle (?:française|anglaise)"
                r"|de langue maternelle|expérience canadienne (?:exigée|requise))\b"
            ),
        },
        examples=(
            Example(
                "en", "You are a digital native in a young, dynamic team.", ("digital native", "young, dynamic team")
            ),
            Example("en", "A native English speaker is wanted.", ("native English speaker",)),
            Example("fr", "Joignez-vous à une équipe jeune et dynamique.", ("équipe jeune et dynamique",)),
        ),
        counter_examples=(
            CounterExample("en", "Advises on digital services for Native communities and speaks English."),
            CounterExample("fr", "Gère un programme pour les jeunes et parle français."),
        ),
    ),
    Rule(
        id="placeholder",
        check_type=CheckType.POLICY,
        status=Status.VIOLATION,
        severity=Severity.HIGH,
        description="Nothing in the description is still to be filled in.",
        source=CLASSIFICATION,
        recommendation="Write what belongs here, or take the line out.",
        finders={
            "en": pattern(
                r"\[(?:[^\]\n]{0,40}\b)?(?:to be \w+|insert|enter|TBD|TBC|add|complete|name|date"
                r"|number)\b[^\]\n]{0,60}\](?!\()"
                r"|<(?:insert|enter|name|title|date|to be)\b[^>\n]{0,60}>|\b(?-i:TBD|TBC|XXX+)\b|\blorem ipsum\b|_{5,}"
                r"|\bto be (?:completed|determined|confirmed)(?=\s*(?:$|\n|\)))",
                where=anywhere,
            ),
            "fr": pattern(
                r"\[(?:[^\]\n]{0,40}\b)?(?:à (?:compléter|déterminer|confirmer|venir)|insérer|inscrire|nom|date"
                r"|numéro)\b[^\]\n]{0,60}\](?!\()"
                r"|<(?:insérer|inscrire|nom|titre|date|à compléter)\b[^>\n]{0,60}>|\b(?-i:XXX+|TBD)\b"
                r"|\blorem ipsum\b|_{5,}"
                r"|(?<!\w)à (?:compléter|déterminer|confirmer)(?=\s*(?:$|\n|\)))",
                where=anywhere,
            ),
        },
        examples=(
            Example("en", "Effective Date: [to be completed]\nNumber: XXXX\n", ("[to be completed]", "XXXX")),
            Example("en", "The budget is TBD.", ("TBD",)),
            Example("fr", "Date d’entrée en vigueur : à déterminer\n", ("à déterminer",)),
            Example("fr", "Titre : [insérer le titre]\n", ("[insérer le titre]",)),
        ),
        counter_examples=(
            CounterExample(
                "en", "The level to be determined by the Director. See [names of offices](https://example.org)."
            ),
            CounterExample("fr", "Aide la direction à déterminer les priorités et à compléter les dossiers."),
        ),
    ),
)
