"""What the field names of report data mean: the type of their values and their titles in both languages."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from exporters.document import Language, ValueType

_TITLES: dict[str, tuple[str, str]] = {
    "action": ("Action", "Mesure"),
    "actual_amount": ("Actual", "Réel"),
    "actual_cost": ("Actual cost", "Coût réel"),
    "amount": ("Amount", "Montant"),
    "as_of": ("As of", "En date du"),
    "baseline_date": ("Baseline", "Référence"),
    "budget_at_completion": ("Budget at completion", "Budget à l’achèvement"),
    "budget_utilization": ("Budget used", "Budget utilisé"),
    "categories": ("Budget by category", "Budget par catégorie"),
    "category": ("Category", "Catégorie"),
    "changes": ("Changes", "Changements"),
    "commentary": ("Commentary", "Commentaire"),
    "committed_amount": ("Committed", "Engagé"),
    "completion_date": ("Completed", "Achevé"),
    "confidence_score": ("Confidence", "Confiance"),
    "content": ("Content", "Contenu"),
    "cost_benefit": ("Cost benefit", "Gain de coût"),
    "cost_effect": ("Cost effect", "Effet sur les coûts"),
    "cost_impact": ("Cost impact", "Incidence sur les coûts"),
    "cost_performance_index": ("Cost index (CPI)", "Indice des coûts (IRC)"),
    "cost_variance": ("Cost variance", "Écart de coût"),
    "date": ("Date", "Date"),
    "decision": ("Decision", "Décision"),
    "decisions": ("Decisions", "Décisions"),
    "description": ("Description", "Description"),
    "due_date": ("Due", "Échéance"),
    "earned_value": ("Earned value", "Valeur acquise"),
    "estimate_at_completion": ("Estimate at completion", "Coût final estimé"),
    "estimate_to_complete": ("Estimate to complete", "Reste à dépenser"),
    "forecast_amount": ("Forecast", "Prévision"),
    "forecast_date": ("Forecast", "Prévision"),
    "high": ("High", "Élevé"),
    "id": ("No.", "N°"),
    "impact": ("Impact", "Incidence"),
    "issues": ("Issues", "Enjeux"),
    "low": ("Low", "Faible"),
    "milestones": ("Milestones", "Jalons"),
    "month": ("Month", "Mois"),
    "most_likely": ("Likely", "Probable"),
    "name": ("Name", "Nom"),
    "opportunities": ("Opportunities", "Possibilités"),
    "owner": ("Owner", "Responsable"),
    "percent_complete": ("Complete", "Achèvement"),
    "planned_amount": ("Planned", "Planifié"),
    "planned_value": ("Planned value", "Valeur planifiée"),
    "priority": ("Priority", "Priorité"),
    "probability": ("Prob.", "Prob."),
    "progress_percentage": ("Progress", "Avancement"),
    "recommendations": ("Recommendations", "Recommandations"),
    "response": ("Response", "Réponse"),
    "risk_score": ("Risk score", "Cote de risque"),
    "risks": ("Risk register", "Registre des risques"),
    "schedule_benefit_days": ("Days gained", "Jours gagnés"),
    "schedule_effect_days": ("Schedule effect (days)", "Effet sur l’échéancier (jours)"),
    "schedule_impact_days": ("Schedule impact (days)", "Incidence en jours"),
    "schedule_performance": ("Schedule performance", "Respect de l’échéancier"),
    "schedule_performance_index": ("Schedule index (SPI)", "Indice des délais (IRD)"),
    "schedule_variance": ("Schedule variance", "Écart d’échéancier"),
    "severity": ("Severity", "Gravité"),
    "status": ("Status", "Statut"),
    "supporting_data": ("Supporting data", "Données à l’appui"),
    "title": ("Title", "Titre"),
    "to_complete_performance_index": ("To-complete index (TCPI)", "Indice pour achever (TCPI)"),
    "trend": ("Earned value by month", "Valeur acquise par mois"),
    "type": ("Type", "Type"),
    "variance": ("Variance", "Écart"),
    "variance_at_completion": ("Variance at completion", "Écart à l’achèvement"),
}

# The first pattern that is found in the field's name decides; a percentage's name says whether it counts in hundredths.
_KINDS: tuple[tuple[str, ValueType], ...] = (
    (r"_days$|^days_|^days$|_days_", "days"),
    (r"performance_index|^(cpi|spi|tcpi)$|_index$|^lowest_index|_index_|_ratio$", "index"),
    (r"percent|_pct|^pct_|probability|confidence|utili[sz]ation|_share$", "percent"),
    (
        (
            r"amount|cost|budget|price|_value$|contingency|^(bac|eac|etc|vac|pv|ev|ac|cv|sv|actual|planned|forecast|spent)$"
            r"|estimate_(at|to)|variance|spend|funding|expenditure"
        ),
        "money",
    ),
)
_FRACTIONS = re.compile(r"percent_complete|probability|confidence|utili[sz]ation|_share$")
_STATUS = re.compile(r"status$|^health$|severity$|^priority$|^rag$|^level$|^rating$")
_TERM = re.compile(r"^(category|type|insight_type|phase)$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ][0-9:.+\-Z]+)?$")
_SUFFIX = re.compile(r"_(en|fr)$")


def split_language(key: str) -> tuple[str, Language | None]:
    """A field's name without its language, and that language: `commentary_fr` is `commentary` in French."""
    match = _SUFFIX.search(key)
    if match is None:
        return key, None
    return key[: match.start()], "fr" if match[1] == "fr" else "en"


def title_of(key: str, language: Language) -> str:
    """A field's title: the known one, or its name made readable."""
    known = _TITLES.get(key.lower())
    if known:
        return known[language == "fr"]
    words = re.sub(r"[_\s]+", " ", key).strip() or key
    return words[:1].upper() + words[1:]


def kind_of(key: str, values: Sequence[Any]) -> ValueType:
    """The type of a field, by its values first and its name second."""
    present = [value for value in values if value is not None and value != ""]
    if not present:
        return _kind_by_name(key, default="text") if not _is_label(key) else "text"
    if all(isinstance(value, bool) for value in present):
        return "boolean"
    if all(_is_number(value) for value in present):
        whole = all(float(value).is_integer() for value in present if abs(value) < 10**15)
        return _kind_by_name(key, default="integer" if whole else "number")
    if all(_DATE.match(str(value)) for value in present):
        return "date"
    if all(isinstance(value, str) for value in present):
        return "status" if _STATUS.search(key) else "term" if _TERM.search(key) else "text"
    return "text"


def percent_scale(key: str, values: Sequence[Any]) -> Decimal:
    """What percentages under this name are multiplied by to be fractions: 1, or 0.01 where they count in hundredths."""
    numbers = [abs(value) for value in values if _is_number(value)]
    fractions = _FRACTIONS.search(key.lower()) is not None and all(number <= 1 for number in numbers)
    return Decimal(1) if fractions else Decimal("0.01")


def _kind_by_name(key: str, *, default: ValueType) -> ValueType:
    return next((kind for pattern, kind in _KINDS if re.search(pattern, key.lower())), default)


def _is_label(key: str) -> bool:
    return key.lower().endswith("date") or _STATUS.search(key) is not None


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return False
    return isinstance(value, int) or Decimal(str(value)).is_finite()
