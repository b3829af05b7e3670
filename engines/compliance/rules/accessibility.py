"""What keeps people with disabilities out, in the work as described or in the page itself."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

from contracts.args.descriptions import CheckType

from engines.compliance.finders import anywhere, capitals, pattern, terms
from engines.compliance.findings import Severity, Status
from engines.compliance.rule import CounterExample, Example, Rule

STYLE_GUIDE = "Canada.ca Content Style Guide"
EN_301_549 = "Accessible Canada Regulations, s. 19.52; CAN/ASC - EN 301 549"

DISABILITY_EN = {
    "able-bodied": "“without disabilities”, or leave it out",
    "wheelchair-bound": "“uses a wheelchair”",
    "wheelchair bound": "“uses a wheelchair”",
    "confined to a wheelchair": "“uses a wheelchair”",
    "bound to a wheelchair": "“uses a wheelchair”",
    "handicapped": "“with a disability”, or of a place “accessible”",
    "physically challenged": "“with a physical disability”",
    "differently abled": "“with a disability”",
    "mentally ill": "“with a mental health disability”",
    "deaf and dumb": "“Deaf”",
    "deaf-mute": "“Deaf”",
    "crippled": "“with a disability”",
    "special needs": "“disabilities”, or name the need",
    "physically fit": "what the work demands, as a bona fide requirement",
    "normal vision": "what has to be recognized, and that aids may be used",
    "normal hearing": "what has to be heard, and that aids may be used",
    "perfect vision": "what has to be recognized, and that aids may be used",
    "suffers from a disability": "“has a disability”",
    "suffering from a disability": "“with a disability”",
    "victim of a disability": "“person with a disability”",
}
DISABILITY_FR = {
    "cloué à un fauteuil roulant": "« en fauteuil roulant »",
    "cloué dans un fauteuil roulant": "« en fauteuil roulant »",
    "confiné à un fauteuil roulant": "« en fauteuil roulant »",
    "les handicapés": "« les personnes en situation de handicap »",
    "aux handicapés": "« aux personnes en situation de handicap »",
    "des handicapés": "« des personnes en situation de handicap »",
    "souffrant d’un handicap": "« en situation de handicap »",
    "souffre d’un handicap": "« est en situation de handicap »",
    "sourd-muet": "« sourd »",
    "sourde-muette": "« sourde »",
    "besoins spéciaux": "« besoins particuliers », or name the need",
    "malade mental": "« personne ayant un trouble de santé mentale »",
    "bonne forme physique": "what the work demands, as a bona fide requirement",
    "excellente forme physique": "what the work demands, as a bona fide requirement",
    "vision normale": "what has to be recognized, and that aids may be used",
    "vue normale": "what has to be recognized, and that aids may be used",
    "ouïe normale": "what has to be heard, and that aids may be used",
}

MUST_EN = (
    r"(?:must (?:also )?be able to|must have the (?:physical )?(?:ability|capacity) to|(?:physical )?ability to"
    r"|capacity to|capable of|required to|must(?: also)?|physically able to|requires?)"
)
WEIGHT_EN = r"(?:up to )?\d+ ?(?:kg|kilograms|lbs?|pounds)"
BODY_EN = (
    r"(?:frequently |regularly |repeatedly |physically )?"
    rf"(?:(?:lift|lifting)\b(?! (?:barriers|restrictions|standards))(?: and carry)?(?: {WEIGHT_EN})?"
    r"|(?:stand|standing|sit|sitting)(?= (?:for|up to|or|and|long|all)\b|[.,;])(?! for (?:re)?election)"
    r"|(?:climb|climbing) (?:ladders|stairs)|(?:kneel|crouch|bend|stoop)(?:ing)?\b"
    rf"|(?:walk|walking) (?:for|long|up to)\b|carry(?:ing)? {WEIGHT_EN}"
    r"|(?:see|hear|speak) (?:well|clearly)\b|(?:see|hear)(?=[.;]|$| and (?:see|hear|speak)\b))"
)
MUST_FR = (
    r"(?:(?:doit|doivent|devra|devront)(?: (?:aussi|également))?"
    r"(?: (?:pouvoir|être (?:capable|en mesure|apte) (?:de |d[’']|à )))?"
    r"|capacité (?:physique )?(?:de |d[’'])|être (?:capable|en mesure) (?:de |d[’'])|exige de|apte à)\s*"
)
WEIGHT_FR = r"(?: (?:des charges )?(?:de |d[’'])?(?:jusqu[’']à |plus de )?\d+ ?(?:kg|kilos|kilogrammes|lb|livres))?"
BODY_FR = (
    rf"(?:(?:fréquemment|régulièrement) )?(?:soulever(?! (?:des )?(?:questions|enjeux|problèmes)){WEIGHT_FR}"
    r"|(?:rester|se tenir|demeurer|travailler) (?:debout|assise?)"
    r"|(?:grimper|monter) (?:dans |à )?(?:des|une|les) échelles?|s[’']agenouiller|s[’']accroupir|se pencher"
    r"|(?:porter|transporter) des charges|bien (?:voir|entendre)|(?:voir|entendre) (?:bien|clairement))"
)

COLOUR_EN = r"(?:red|green|blue|yellow|orange|purple|grey|gray|pink)"
THING_EN = r"(?:box|text|button|column|row|cell|line|field|table|area|section|items?|dates?|tab|arrow)"
COLOUR_FR = r"(?:rouges?|verte?s?|bleue?s?|jaunes?|oranges?|mauves?|grise?s?|roses?)"
THING_FR = (
    r"(?:boîtes?|cases?|encadrés?|textes?|boutons?|colonnes?|rangées?|cellules?|lignes?|champs?|tableaux?"
    r"|flèches?|onglets?|dates?)"
)

ACCESSIBILITY: tuple[Rule, ...] = (
    Rule(
        id="disability_term",
        check_type=CheckType.ACCESSIBILITY,
        status=Status.VIOLATION,
        severity=Severity.HIGH,
        description="People with disabilities are spoken of as people.",
        source="Canadian Human Rights Act, s. 3(1); Language Portal of Canada, Inclusive writing",
        recommendation="Speak of the person, and of the barrier rather than the body.",
        finders={"en": terms(DISABILITY_EN), "fr": terms(DISABILITY_FR)},
        examples=(
            Example("en", "Serves wheelchair-bound and handicapped clients.", ("wheelchair-bound", "handicapped")),
            Example("en", "The employee is physically fit.", ("physically fit",)),
            Example("fr", "Il offre des services aux handicapés.", ("aux handicapés",)),
        ),
        counter_examples=(
            CounterExample("en", "Serves persons with disabilities; the building has accessible doors."),
            CounterExample("fr", "Consulte les personnes handicapées et les personnes en situation de handicap."),
        ),
    ),
    Rule(
        id="physical_requirement",
        check_type=CheckType.ACCESSIBILITY,
        status=Status.WARNING,
        severity=Severity.HIGH,
        description="A physical requirement is a bona fide occupational requirement, with room for accommodation.",
        source="Canadian Human Rights Act, s. 15(1)(a) and 15(2)",
        recommendation="Say what has to be done (“moves boxes to the shelves”) rather than what a body must do, keep it"
        " only if"
        " the work cannot be done otherwise, and say that the duty to accommodate applies.",
        finders={
            "en": pattern(rf"\b{MUST_EN} {BODY_EN}"),
            "fr": pattern(rf"\b{MUST_FR}{BODY_FR}"),
        },
        examples=(
            Example("en", "The incumbent must be able to lift 20 kg.", ("must be able to lift 20 kg",)),
            Example("en", "The clerk is required to stand for long periods.", ("required to stand",)),
            Example("fr", "Le personnel doit pouvoir soulever 20 kg.", ("doit pouvoir soulever 20 kg",)),
            Example("fr", "Il faut être capable de rester debout.", ("être capable de rester debout",)),
        ),
        counter_examples=(
            CounterExample("en", "The Director must be able to see the whole picture and to drive change."),
            CounterExample("en", "The ability to carry out audits, to stand by a decision and to hear appeals."),
            CounterExample("en", "Visits to structures involve stairs, and loads are lifted by crane."),
            CounterExample("fr", "La personne doit soulever des questions et voir à la bonne marche du service."),
        ),
    ),
    Rule(
        id="sensory_reference",
        check_type=CheckType.ACCESSIBILITY,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="Nothing is pointed out by its colour or its position alone.",
        source=f"{EN_301_549}, clauses 10.1.3.3 and 10.1.4.1",
        recommendation="Name what is meant by its heading or its label; colour and position do not reach everyone.",
        finders={
            "en": pattern(
                r"\b(?:see|click|select|refer to|use|check|complete|press)\b[^.;\n]{0,40}?"
                rf"(?P<flag>\b{COLOUR_EN} {THING_EN}\b|\b(?:{THING_EN}|diagram|chart|list|figure) (?:on|at"
                rf"|to) the (?:left|right|top|bottom)\b)"
                rf"|\b(?:shown|marked|highlighted|indicated|printed|written) in {COLOUR_EN}\b"
            ),
            "fr": pattern(
                r"\b(?:voir|voyez|cliquez|sélectionnez|consultez|utilisez|cochez|remplissez)\b[^.;\n]{0,40}?"
                rf"(?P<flag>\b{THING_FR} {COLOUR_FR}\b|\b(?:{THING_FR}|diagramme|graphique|liste|figure) (?:à"
                rf"|de) (?:gauche|droite)\b)"
                rf"|\b(?:indiqué|surligné|marqué|inscrit|affiché)e?s? en {COLOUR_FR}\b"
            ),
        },
        examples=(
            Example("en", "See the box on the left.", ("box on the left",)),
            Example("en", "Deadlines are marked in red.", ("marked in red",)),
            Example("fr", "Voir l’encadré à gauche.", ("encadré à gauche",)),
            Example("fr", "Les échéances sont indiquées en rouge.", ("indiquées en rouge",)),
        ),
        counter_examples=(
            CounterExample("en", "Complete the work on the left bank of the canal and check the green fleet."),
            CounterExample("fr", "Voir à l’entretien de la rive gauche et du parc vert."),
        ),
    ),
    Rule(
        id="capitals",
        check_type=CheckType.ACCESSIBILITY,
        status=Status.WARNING,
        severity=Severity.LOW,
        description="Running text is not set in capitals.",
        source=f"{STYLE_GUIDE}, capitalization",
        recommendation="Write this in small letters: capitals slow readers down, and some screen readers spell"
        " them out.",
        finders={"en": capitals(7), "fr": capitals(7)},
        examples=(
            Example(
                "en",
                "## Dimensions\n\nALL TRAVEL MUST BE APPROVED IN ADVANCE BY THE DIRECTOR.\n",
                ("ALL TRAVEL MUST BE APPROVED IN ADVANCE BY THE DIRECTOR",),
            ),
            Example(
                "fr",
                "## Dimensions\n\nTOUT DÉPLACEMENT DOIT ÊTRE AUTORISÉ À L’AVANCE PAR LA DIRECTION.\n",
                ("TOUT DÉPLACEMENT DOIT ÊTRE AUTORISÉ À L’AVANCE PAR LA DIRECTION",),
            ),
        ),
        counter_examples=(
            CounterExample("en", "GENERAL ACCOUNTABILITY\n\nWorks with TBS, PSPC, SSC, CRA, ESDC, DND and the RCMP."),
            CounterExample("fr", "ÉTENDUE DES RESPONSABILITÉS\n\nTravaille avec le SCT, SPAC, SPC et l’ARC."),
        ),
    ),
    Rule(
        id="link_text",
        check_type=CheckType.ACCESSIBILITY,
        status=Status.WARNING,
        severity=Severity.MEDIUM,
        description="A link says where it leads, and an image what it shows.",
        source=f"{EN_301_549}, clauses 10.1.1.1 and 10.2.4.4",
        recommendation="Let the link be the title of what it leads to, and give the image a text that says what"
        " it shows.",
        finders={
            "en": pattern(
                r"\bclick (?:here|on this link)\b|!\[\s*\](?=\()|\[(?:here|link|this (?:link|page)|click here"
                r"|more)\](?=\()",
                where=anywhere,
            ),
            "fr": pattern(
                r"\bcliquez (?:ici|sur ce lien)\b|!\[\s*\](?=\()|\[(?:ici|lien|ce lien|cette page|cliquez ici"
                r"|plus)\](?=\()",
                where=anywhere,
            ),
        },
        examples=(
            Example("en", "For the policy, click here.\n\n![](chart.png)", ("click here", "![]")),
            Example("fr", "Pour la politique, cliquez ici ou [ici](a.html).", ("cliquez ici", "[ici]")),
        ),
        counter_examples=(
            CounterExample("en", "Read the [Directive on Classification](a.html). ![Chart of the branch](chart.png)"),
            CounterExample("fr", "Lire la [Directive sur la classification](a.html) ici même."),
        ),
    ),
)
