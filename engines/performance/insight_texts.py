"""Findings in words, in English and French. The words are data; every figure in them is one of the finding's own."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from contracts.args.base import Language

from engines.performance.insights import FigureKind, FigureValue, Insight

LONGEST_TITLE = 255
LONGEST_NAME = 120
FRENCH_COLON = "\N{NO-BREAK SPACE}: "
Show = Callable[[FigureValue, FigureKind], str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A finding's words. `{figure}` is a figure as it is, `{figure:abs}` without its sign."""

    title: str
    content: str
    impact: str | None = None
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A finding as it reads."""

    title: str
    content: str
    impact: str | None
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A figure that formats itself within a sentence."""

    value: FigureValue
    kind: FigureKind
    show: Show

    def __format__(self, spec: str) -> str:
        value: FigureValue = self.value
        if spec == "abs" and isinstance(value, Decimal):
            value = abs(value)
        shown = self.show(value, self.kind)
        return shorten(shown) if self.kind == "text" else shown


def shorten(name: str) -> str:
    """A name that a title has room for."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def write(insight: Insight, language: Language, show: Show) -> Text:
    """Put an insight into words. `show` formats a figure as the language's readers expect it."""
    finding = insight.finding
    wording = WORDINGS[insight.rule.id, finding.variant][language]
    values = {name: _Shown(figure.value, figure.kind, show) for name, figure in finding.figures.items()}
    sentences = [wording.content, *(NOTES[note][language] for note in finding.notes)]

    def fill(words: str) -> str:
        filled = words.format_map(values)
        return filled.replace(" : ", FRENCH_COLON) if language == "fr" else filled

    return Text(
        title=fill(wording.title)[:LONGEST_TITLE],
        content=" ".join(map(fill, sentences)),
        impact=fill(wording.impact) if wording.impact else None,
        actions=tuple(map(fill, wording.actions)),
    )


NOTES: Mapping[str, Mapping[Language, str]] = {
    "index_falling": {
        "en": "The index has fallen three periods in a row, from {index_three_periods_ago}.",
        "fr": "L’indice baisse depuis trois périodes; il était alors de {index_three_periods_ago}.",
    },
    "index_rising": {
        "en": "The index has risen three periods in a row, from {index_three_periods_ago}.",
        "fr": "L’indice monte depuis trois périodes; il était alors de {index_three_periods_ago}.",
    },
    "schedule_index_fades": {
        "en": "This late in a project the index returns to one by itself: the dates of the milestones say more.",
        "fr": "À ce stade d’un projet, l’indice revient de lui-même à l’unité : les dates des jalons en disent plus.",
    },
    "lines_left_out": {
        "en": "Lines that state no plan or no forecast, and are not counted: {lines_left_out}.",
        "fr": "Postes sans montant prévu ou sans prévision, et donc non comptés : {lines_left_out}.",
    },
    "with_both_indices": {
        "en": "If the schedule index counts as well, the estimate is {estimate_at_completion_both_indices}.",
        "fr": "Si l’on tient compte aussi de l’indice des délais, l’estimation est de "
        "{estimate_at_completion_both_indices}.",
    },
}

WORDINGS: Mapping[tuple[str, str], Mapping[Language, Wording]] = {
    ("cost_index", "over"): {
        "en": Wording(
            "CPI {cost_performance_index}: the work done has cost {cost_variance:abs} more than it is worth",
            "Work worth {earned_value} is done and has cost {actual_cost}, {cost_variance_share} more than its value.",
            "The {cost_variance:abs} stays in the final cost unless later work costs less than planned.",
            ("Find out which work cost more than its value, and whether the cause acts on the work that remains.",),
        ),
        "fr": Wording(
            "IRC de {cost_performance_index} : le travail fait a coûté {cost_variance:abs} de plus que sa valeur",
            "Le travail fait vaut {earned_value} et a coûté {actual_cost}, soit {cost_variance_share} de plus que sa "
            "valeur.",
            "Ces {cost_variance:abs} restent dans le coût final, sauf si la suite coûte moins que prévu.",
            ("Chercher quel travail a coûté plus que sa valeur, et si la cause agit encore sur le travail restant.",),
        ),
    },
    ("cost_index", "close"): {
        "en": Wording(
            "CPI {cost_performance_index}: cost is close to plan",
            "Work worth {earned_value} is done and has cost {actual_cost}; the difference is {cost_variance:abs}, "
            "{cost_variance_share} of the value.",
        ),
        "fr": Wording(
            "IRC de {cost_performance_index} : le coût est proche du plan",
            "Le travail fait vaut {earned_value} et a coûté {actual_cost}; l’écart est de {cost_variance:abs}, soit "
            "{cost_variance_share} de la valeur.",
        ),
    },
    ("cost_index", "under"): {
        "en": Wording(
            "CPI {cost_performance_index}: the work done cost no more than it is worth",
            "Work worth {earned_value} is done and has cost {actual_cost}, {cost_variance:abs} less "
            "({cost_variance_share} of the value).",
        ),
        "fr": Wording(
            "IRC de {cost_performance_index} : le travail fait n’a pas coûté plus que sa valeur",
            "Le travail fait vaut {earned_value} et a coûté {actual_cost}, soit {cost_variance:abs} de moins "
            "({cost_variance_share} de la valeur).",
        ),
    },
    ("completion_range", "over"): {
        "en": Wording(
            "Every estimate ends over budget: from {lowest_estimate_at_completion} to {highest_estimate_at_completion}",
            "With the remaining work done at its budgeted cost, the project ends at "
            "{estimate_at_completion_budgeted_rate}; at the cost index so far, at {estimate_at_completion}. The "
            "approved budget is {budget_at_completion}.",
            "Between {variance_at_completion_best:abs} ({variance_best_share}) and {variance_at_completion_worst:abs} "
            "({variance_worst_share}) over the budget.",
            ("Report the range beside the forecast, and say why the forecast lies where it does within it.",),
        ),
        "fr": Wording(
            "Toutes les estimations dépassent le budget : de {lowest_estimate_at_completion} à "
            "{highest_estimate_at_completion}",
            "Si le travail restant se fait au coût budgété, le projet se termine à "
            "{estimate_at_completion_budgeted_rate}; à l’indice des coûts obtenu, à {estimate_at_completion}. Le "
            "budget approuvé est de {budget_at_completion}.",
            "De {variance_at_completion_best:abs} ({variance_best_share}) à {variance_at_completion_worst:abs} "
            "({variance_worst_share}) au-dessus du budget.",
            ("Présenter la fourchette à côté de la prévision, et dire pourquoi la prévision s’y situe à cet endroit.",),
        ),
    },
    ("completion_range", "both"): {
        "en": Wording(
            "Estimates of the final cost lie on both sides of the budget",
            "With the remaining work done at its budgeted cost, the project ends at "
            "{estimate_at_completion_budgeted_rate}; at the cost index so far, at {estimate_at_completion}. The "
            "approved budget is {budget_at_completion}.",
            "From {variance_at_completion_best:abs} ({variance_best_share}) under the budget to "
            "{variance_at_completion_worst:abs} ({variance_worst_share}) over it.",
            ("Watch the cost index: which side the project ends on depends on it.",),
        ),
        "fr": Wording(
            "Les estimations du coût final se situent de part et d’autre du budget",
            "Si le travail restant se fait au coût budgété, le projet se termine à "
            "{estimate_at_completion_budgeted_rate}; à l’indice des coûts obtenu, à {estimate_at_completion}. Le "
            "budget approuvé est de {budget_at_completion}.",
            "De {variance_at_completion_best:abs} ({variance_best_share}) sous le budget à "
            "{variance_at_completion_worst:abs} ({variance_worst_share}) au-dessus.",
            ("Suivre l’indice des coûts : c’est lui qui décidera de quel côté le projet se termine.",),
        ),
    },
    ("completion_range", "under"): {
        "en": Wording(
            "Every estimate ends within the budget: {highest_estimate_at_completion} at most",
            "With the remaining work done at its budgeted cost, the project ends at "
            "{estimate_at_completion_budgeted_rate}; at the cost index so far, at {estimate_at_completion}. The "
            "approved budget is {budget_at_completion}.",
            "Between {variance_at_completion_worst:abs} ({variance_worst_share}) and "
            "{variance_at_completion_best:abs} ({variance_best_share}) remain unspent.",
        ),
        "fr": Wording(
            "Toutes les estimations respectent le budget : {highest_estimate_at_completion} au plus",
            "Si le travail restant se fait au coût budgété, le projet se termine à "
            "{estimate_at_completion_budgeted_rate}; à l’indice des coûts obtenu, à {estimate_at_completion}. Le "
            "budget approuvé est de {budget_at_completion}.",
            "De {variance_at_completion_worst:abs} ({variance_worst_share}) à {variance_at_completion_best:abs} "
            "({variance_best_share}) ne seraient pas dépensés.",
        ),
    },
    ("needed_index", "unrealistic"): {
        "en": Wording(
            "TCPI {to_complete_performance_index} against CPI {cost_performance_index}: the gap is too wide to close",
            "Work worth {remaining_work_value} is left and {remaining_budget} to pay for it. The index that this takes "
            "lies {gap_index} above the one reached; a gap above {limit_index} is held to be unrealistic.",
            "A plan that keeps to {budget_at_completion} rests on efficiency that the project has not shown.",
            ("Reduce the scope, or ask for money, before the remaining budget is committed.",),
        ),
        "fr": Wording(
            "TCPI de {to_complete_performance_index} contre un IRC de {cost_performance_index} : l’écart est trop "
            "grand "
            "pour être comblé",
            "Il reste du travail d’une valeur de {remaining_work_value} et {remaining_budget} pour le payer. L’indice "
            "qu’il faudrait dépasse de {gap_index} celui qui a été obtenu; au-delà de {limit_index}, l’écart est jugé "
            "irréaliste.",
            "Un plan qui s’en tient à {budget_at_completion} suppose un rendement que le projet n’a pas montré.",
            ("Réduire la portée ou demander des fonds avant que le budget restant soit engagé.",),
        ),
    },
    ("needed_index", "demanding"): {
        "en": Wording(
            "TCPI {to_complete_performance_index}: the rest has to be done more efficiently than the work so far",
            "Work worth {remaining_work_value} is left and {remaining_budget} to pay for it. The index so far is "
            "{cost_performance_index}; the gap of {gap_index} is within the {limit_index} that is held to be "
            "realistic.",
            "Without an improvement the budget of {budget_at_completion} is exceeded.",
            ("Name the measures that are to bring the improvement, and measure them each month.",),
        ),
        "fr": Wording(
            "TCPI de {to_complete_performance_index} : la suite doit se faire plus efficacement que le travail "
            "accompli",
            "Il reste du travail d’une valeur de {remaining_work_value} et {remaining_budget} pour le payer. L’indice "
            "obtenu est de {cost_performance_index}; l’écart de {gap_index} ne dépasse pas les {limit_index} jugés "
            "réalistes.",
            "Sans amélioration, le budget de {budget_at_completion} sera dépassé.",
            ("Nommer les mesures qui doivent apporter l’amélioration, et en mesurer l’effet chaque mois.",),
        ),
    },
    ("needed_index", "spent"): {
        "en": Wording(
            "The budget is spent and work worth {remaining_work_value} is left",
            "{actual_cost} of the approved {budget_at_completion} has been spent for work worth {earned_value}.",
            "No efficiency brings the project back within its budget.",
            ("Decide on more money or on less scope now.",),
        ),
        "fr": Wording(
            "Le budget est épuisé et il reste du travail d’une valeur de {remaining_work_value}",
            "Des {budget_at_completion} approuvés, {actual_cost} ont été dépensés pour un travail qui vaut "
            "{earned_value}.",
            "Aucun rendement ne peut ramener le projet dans son budget.",
            ("Décider maintenant de nouveaux fonds ou d’une portée réduite.",),
        ),
    },
    ("latest_period", "worse"): {
        "en": Wording(
            "{period} alone reached a cost index of {period_cost_index}",
            "The period earned {earned_value_in_period} and cost {actual_cost_in_period}. That is below the cumulative "
            "index of {cost_performance_index}, which a single period moves but little.",
            "If the coming periods are like this one, the cumulative index goes on falling.",
            ("Look at the charges of this period first.",),
        ),
        "fr": Wording(
            "À lui seul, le mois de {period} donne un indice des coûts de {period_cost_index}",
            "La période a acquis {earned_value_in_period} et coûté {actual_cost_in_period}. C’est moins que l’indice "
            "cumulatif de {cost_performance_index}, qu’une seule période ne déplace guère.",
            "Si les prochaines périodes ressemblent à celle-ci, l’indice cumulatif continuera de baisser.",
            ("Examiner d’abord les dépenses de cette période.",),
        ),
    },
    ("latest_period", "better"): {
        "en": Wording(
            "{period} alone was more efficient than the work so far",
            "The period earned {earned_value_in_period} and cost {actual_cost_in_period}: an index of "
            "{period_cost_index} against the cumulative {cost_performance_index}.",
        ),
        "fr": Wording(
            "À lui seul, le mois de {period} a été plus efficace que l’ensemble du travail accompli",
            "La période a acquis {earned_value_in_period} et coûté {actual_cost_in_period}, soit un indice de "
            "{period_cost_index} contre {cost_performance_index} en cumul.",
        ),
    },
    ("budget_lines", "over"): {
        "en": Wording(
            "Largest overrun of a budget line: {budget_line}, {overrun_amount} over its plan",
            "The line was planned at {planned_amount} and is forecast at {forecast_amount}, {overrun_share} more. It "
            "accounts for {part_of_all_overruns_share} of the {overrun_amount_all_lines} by which lines exceed their "
            "plan. Lines over plan: {lines_over_plan} of {lines_in_all}.",
            "What is found here moves the final cost more than any other line.",
            ("Go through the remaining commitments of this line one by one.",),
        ),
        "fr": Wording(
            "Plus grand dépassement d’un poste : {budget_line}, {overrun_amount} de plus que prévu",
            "Le poste était prévu à {planned_amount}; la prévision est de {forecast_amount}, soit {overrun_share} de "
            "plus. Il compte pour {part_of_all_overruns_share} des {overrun_amount_all_lines} de dépassements. Postes "
            "en dépassement : {lines_over_plan} sur {lines_in_all}.",
            "Ce qu’on y trouve pèse plus sur le coût final que tout autre poste.",
            ("Passer en revue un à un les engagements qui restent à ce poste.",),
        ),
    },
    ("budget_lines", "over_nothing"): {
        "en": Wording(
            "Largest overrun of a budget line: {budget_line}, {overrun_amount} over its plan",
            "The line was planned at {planned_amount} and is forecast at {forecast_amount}. It "
            "accounts for {part_of_all_overruns_share} of the {overrun_amount_all_lines} by which lines exceed their "
            "plan. Lines over plan: {lines_over_plan} of {lines_in_all}.",
            "What is found here moves the final cost more than any other line.",
            ("Go through the remaining commitments of this line one by one.",),
        ),
        "fr": Wording(
            "Plus grand dépassement d’un poste : {budget_line}, {overrun_amount} de plus que prévu",
            "Le poste était prévu à {planned_amount}; la prévision est de {forecast_amount}. "
            "Il compte pour {part_of_all_overruns_share} des {overrun_amount_all_lines} de dépassements. Postes "
            "en dépassement : {lines_over_plan} sur {lines_in_all}.",
            "Ce qu’on y trouve pèse plus sur le coût final que tout autre poste.",
            ("Passer en revue un à un les engagements qui restent à ce poste.",),
        ),
    },
    ("budget_lines", "within"): {
        "en": Wording(
            "No budget line is forecast above its plan",
            "The {lines_in_all} lines were planned at {planned_amount} in all and are forecast at {forecast_amount}, "
            "which leaves {margin_amount}.",
        ),
        "fr": Wording(
            "Aucun poste budgétaire ne dépasse son plan",
            "Les {lines_in_all} postes étaient prévus à {planned_amount} en tout; la prévision est de "
            "{forecast_amount}, ce qui laisse {margin_amount}.",
        ),
    },
    ("schedule_index", "behind"): {
        "en": Wording(
            "SPI {schedule_performance_index}: planned work worth {schedule_variance:abs} is not done",
            "By {as_of} work worth {planned_value} was to be done; work worth {earned_value} is.",
            "The work that is missing comes on top of what the coming periods have planned.",
            ("Say which activities make up the difference, and which of them others wait for.",),
        ),
        "fr": Wording(
            "IRD de {schedule_performance_index} : du travail prévu d’une valeur de {schedule_variance:abs} n’est "
            "pas fait",
            "Au {as_of}, du travail d’une valeur de {planned_value} devait être fait; il en est fait pour "
            "{earned_value}.",
            "Le travail qui manque s’ajoute à ce que prévoient les prochaines périodes.",
            ("Dire quelles activités forment l’écart, et lesquelles en retiennent d’autres.",),
        ),
    },
    ("schedule_index", "close"): {
        "en": Wording(
            "SPI {schedule_performance_index}: progress is close to plan",
            "By {as_of} work worth {planned_value} was to be done; work worth {earned_value} is, a difference of "
            "{schedule_variance:abs}.",
        ),
        "fr": Wording(
            "IRD de {schedule_performance_index} : l’avancement est proche du plan",
            "Au {as_of}, du travail d’une valeur de {planned_value} devait être fait; il en est fait pour "
            "{earned_value}, soit un écart de {schedule_variance:abs}.",
        ),
    },
    ("schedule_index", "ahead"): {
        "en": Wording(
            "SPI {schedule_performance_index}: the work is as far as planned or further",
            "By {as_of} work worth {planned_value} was to be done; work worth {earned_value} is, "
            "{schedule_variance:abs} "
            "more.",
        ),
        "fr": Wording(
            "IRD de {schedule_performance_index} : le travail est aussi avancé que prévu, ou plus",
            "Au {as_of}, du travail d’une valeur de {planned_value} devait être fait; il en est fait pour "
            "{earned_value}, soit {schedule_variance:abs} de plus.",
        ),
    },
    ("late_milestones", "forecast"): {
        "en": Wording(
            "{late_days} past its baseline: {milestone}",
            "The baseline date was {baseline_date}; on {as_of} the milestone was not reached. It is now forecast for "
            "{forecast_date}, a slip of {slip_days}.",
            "Whatever waits for this milestone waits until {forecast_date}, if nothing is rearranged.",
            ("Check which activities depend on it, and what can be done before it.",),
        ),
        "fr": Wording(
            "{late_days} de retard sur la référence : {milestone}",
            "La date de référence était le {baseline_date}; au {as_of}, le jalon n’était pas atteint. Il est "
            "maintenant "
            "prévu pour le {forecast_date}, soit un glissement de {slip_days}.",
            "Ce qui attend ce jalon attend jusqu’au {forecast_date}, à moins d’un réaménagement.",
            ("Vérifier quelles activités en dépendent et ce qui peut se faire avant.",),
        ),
    },
    ("late_milestones", "late"): {
        "en": Wording(
            "{late_days} past its baseline: {milestone}",
            "The baseline date was {baseline_date}; on {as_of} the milestone was not reached. No forecast is given.",
            None,
            ("Set a forecast date for it.",),
        ),
        "fr": Wording(
            "{late_days} de retard sur la référence : {milestone}",
            "La date de référence était le {baseline_date}; au {as_of}, le jalon n’était pas atteint. Aucune prévision "
            "n’est donnée.",
            None,
            ("Lui fixer une date prévue.",),
        ),
    },
    ("finish", "slips"): {
        "en": Wording(
            "The last milestone is forecast {slip_days} after its baseline",
            "{milestone} was due on {baseline_date} and is forecast for {forecast_date}. Of the milestones, "
            "{milestones_open} are open; {milestones_forecast} of them have a forecast, and {milestones_slipping} "
            "slip, by {largest_slip_days} at most.",
            "The project ends later than approved unless the slip is made up.",
            ("State which of the slipping milestones drive the end date.",),
        ),
        "fr": Wording(
            "Le dernier jalon est prévu {slip_days} après sa référence",
            "{milestone} : prévu d’abord pour le {baseline_date}, maintenant pour le {forecast_date}. Jalons à venir : "
            "{milestones_open}, dont {milestones_forecast} ont une date prévue; {milestones_slipping} glissent, de "
            "{largest_slip_days} au plus.",
            "Le projet se termine plus tard qu’approuvé, à moins que le glissement soit rattrapé.",
            ("Dire lesquels des jalons qui glissent déterminent la date de fin.",),
        ),
    },
    ("finish", "absorbed"): {
        "en": Wording(
            "Milestones slip by up to {largest_slip_days}, but the end date holds",
            "The furthest is {milestone}, due on {baseline_date} and forecast for {forecast_date}. Of the milestones, "
            "{milestones_open} are open; {milestones_forecast} of them have a forecast, and {milestones_slipping} "
            "slip.",
            "What the plan had in reserve before the end is being used up.",
            ("Check how much float is left before the last milestone.",),
        ),
        "fr": Wording(
            "Des jalons glissent jusqu’à {largest_slip_days}, mais la date de fin tient",
            "Le plus éloigné est {milestone} : prévu d’abord pour le {baseline_date}, maintenant pour le "
            "{forecast_date}. Jalons à venir : {milestones_open}, dont {milestones_forecast} ont une date prévue; "
            "{milestones_slipping} glissent.",
            "La réserve que le plan avait avant la fin s’épuise.",
            ("Vérifier la marge qui reste avant le dernier jalon.",),
        ),
    },
    ("finish", "held"): {
        "en": Wording(
            "No open milestone is forecast after its baseline",
            "The last one ({milestone}) is forecast for {forecast_date}; its baseline is {baseline_date}. Of the "
            "milestones, {milestones_open} are open; {milestones_forecast} of them have a forecast.",
        ),
        "fr": Wording(
            "Aucun jalon à venir n’est prévu après sa référence",
            "Le dernier ({milestone}) est prévu pour le {forecast_date}; sa référence est le {baseline_date}. Jalons à "
            "venir : {milestones_open}, dont {milestones_forecast} ont une date prévue.",
        ),
    },
    ("risk_concentration", "top"): {
        "en": Wording(
            "{risk_ids} carry {top_share} of the expected cost of the open risks that are costed",
            "Of the {open_risks} open risks, {risks_costed} state a probability and a cost. These have an expected "
            "cost of {expected_cost_of_register}; the largest {risks_in_top} make up {expected_cost_of_top} of it. The "
            "largest is {largest_risk_id} ({risk_title}): {probability} of "
            "{most_likely_cost}, or {largest_expected_cost}.",
            None,
            ("Review the responses to {risk_ids} before the others.",),
        ),
        "fr": Wording(
            "{risk_ids} portent {top_share} du coût attendu des risques ouverts chiffrés",
            "Des {open_risks} risques ouverts, {risks_costed} indiquent une probabilité et un coût. Leur coût attendu "
            "est de {expected_cost_of_register}; les {risks_in_top} plus lourds en représentent "
            "{expected_cost_of_top}. Le plus lourd est {largest_risk_id} ({risk_title}) : "
            "{probability} de {most_likely_cost}, soit {largest_expected_cost}.",
            None,
            ("Revoir les réponses à {risk_ids} avant les autres.",),
        ),
    },
    ("contingency", "short"): {
        "en": Wording(
            "The contingency left covers {cover_share} of the expected cost of the open risks that are costed",
            "{contingency_remaining} of the approved {contingency_approved} is left. Of the {open_risks} open risks, "
            "{risks_costed} state a probability and a cost; their expected cost is {expected_cost_of_register}.",
            "On average {contingency_gap:abs} would have to come from elsewhere.",
            ("Decide which risks are worth reducing, and where money would come from if they occur.",),
        ),
        "fr": Wording(
            "La réserve restante couvre {cover_share} du coût attendu des risques ouverts chiffrés",
            "Des {contingency_approved} approuvés, il reste {contingency_remaining}. Des {open_risks} risques ouverts, "
            "{risks_costed} indiquent une probabilité et un coût; leur coût attendu est de "
            "{expected_cost_of_register}.",
            "En moyenne, {contingency_gap:abs} devraient venir d’ailleurs.",
            ("Décider quels risques réduire, et d’où viendrait l’argent s’ils se réalisaient.",),
        ),
    },
    ("contingency", "covered"): {
        "en": Wording(
            "The contingency left covers the expected cost of the open risks that are costed",
            "{contingency_remaining} of the approved {contingency_approved} is left. Of the {open_risks} open risks, "
            "{risks_costed} state a probability and a cost; their expected cost, {expected_cost_of_register}, is "
            "covered to {cover_share}.",
        ),
        "fr": Wording(
            "La réserve restante couvre le coût attendu des risques ouverts chiffrés",
            "Des {contingency_approved} approuvés, il reste {contingency_remaining}. Des {open_risks} risques ouverts, "
            "{risks_costed} indiquent une probabilité et un coût; leur coût attendu, {expected_cost_of_register}, est "
            "couvert à {cover_share}.",
        ),
    },
    ("overdue_responses", "overdue"): {
        "en": Wording(
            "Responses to open risks past their due date: {responses_overdue} of the {responses_in_all} that have one",
            "Of the {open_risks} open risks, {responses_in_all} state by when they are to be answered. The "
            "oldest is {risk_id} ({risk_title}), due on {due_date}, {overdue_days} before {as_of}.",
            "An exposure that was to be reduced by now is still whole.",
            ("Carry the responses out, or set new dates and say why.",),
        ),
        "fr": Wording(
            "Réponses aux risques ouverts dont l’échéance est passée : {responses_overdue} sur {responses_in_all}",
            "Des {open_risks} risques ouverts, {responses_in_all} indiquent une échéance. La plus "
            "ancienne est {risk_id} ({risk_title}), attendue le {due_date}, {overdue_days} avant le {as_of}.",
            "Une exposition qui devait être réduite à ce jour reste entière.",
            ("Donner suite aux réponses, ou fixer de nouvelles dates en disant pourquoi.",),
        ),
    },
    ("hours", "over"): {
        "en": Wording(
            "The team is booked to {utilization} of its hours",
            "{allocated_hours} hours are allocated and {capacity_hours} are there.",
            "Work will wait for people, whatever the plan says.",
            ("Move work to a later period, or add people.",),
        ),
        "fr": Wording(
            "L’équipe est affectée à {utilization} de ses heures",
            "{allocated_hours} heures sont affectées, et il y en a {capacity_hours}.",
            "Du travail attendra des personnes, quoi que dise le plan.",
            ("Reporter du travail à une période ultérieure, ou ajouter des personnes.",),
        ),
    },
    ("hours", "tight"): {
        "en": Wording(
            "The team has little room: {utilization} of its hours are booked",
            "{allocated_hours} of {capacity_hours} hours are allocated.",
            "An absence of a few days cannot be made up within the team.",
            ("Agree which work may slip first.",),
        ),
        "fr": Wording(
            "L’équipe a peu de marge : {utilization} de ses heures sont affectées",
            "{allocated_hours} des {capacity_hours} heures sont affectées.",
            "Une absence de quelques jours ne peut être compensée au sein de l’équipe.",
            ("Convenir du travail qui peut glisser en premier.",),
        ),
    },
    ("rejects", "some"): {
        "en": Wording(
            "{rejected_share} of the inspected work was rejected",
            "{rejected_units} of {inspected_units} inspected units were rejected.",
            "Rejected work is paid for twice.",
            ("Find the most frequent cause of rejection and remove it first.",),
        ),
        "fr": Wording(
            "{rejected_share} du travail inspecté a été refusé",
            "{rejected_units} des {inspected_units} unités inspectées ont été refusées.",
            "Le travail refusé se paie deux fois.",
            ("Trouver la cause de refus la plus fréquente et l’éliminer d’abord.",),
        ),
    },
    ("rejects", "few"): {
        "en": Wording(
            "Little of the inspected work was rejected: {rejected_share}",
            "{rejected_units} of {inspected_units} inspected units were rejected.",
        ),
        "fr": Wording(
            "Peu du travail inspecté a été refusé : {rejected_share}",
            "{rejected_units} des {inspected_units} unités inspectées ont été refusées.",
        ),
    },
    ("disagreement", "wrong"): {
        "en": Wording(
            "A stated figure does not follow from the amounts beside it: {figure}",
            "The report states {stated}; from its budget, planned value, earned value and actual cost follows "
            "{calculated}. Stated figures in doubt: {figures_in_doubt} of {figures_stated}.",
            "Whoever reads the stated figure draws another conclusion than whoever calculates it.",
            ("Correct the figure, or the amounts that it comes from.",),
        ),
        "fr": Wording(
            "Un chiffre déclaré ne découle pas des montants qui l’accompagnent : {figure}",
            "Le rapport indique {stated}; du budget, de la valeur planifiée, de la valeur acquise et du coût réel "
            "découle {calculated}. Chiffres déclarés en doute : {figures_in_doubt} sur {figures_stated}.",
            "Qui lit le chiffre déclaré ne conclut pas comme qui le calcule.",
            ("Corriger le chiffre, ou les montants dont il provient.",),
        ),
    },
}
