"""The words a report says of itself, in both languages."""

# ruff: noqa: RUF001 - typographic apostrophes and dashes are meant
from __future__ import annotations

from exporters.document import Language, Tone

_LABELS: dict[str, tuple[str, str]] = {
    "approved_by": ("Approved by", "Approuvé par"),
    "actions": ("Recommended actions", "Mesures recommandées"),
    "cell": ("Value", "Valeur"),
    "chart": ("Chart", "Graphique"),
    "commentary": ("Commentary", "Commentaire"),
    "confidence": ("Confidence", "Confiance"),
    "confidentiality": ("Confidentiality", "Confidentialité"),
    "contents": ("Contents", "Table des matières"),
    "continued": ("{title} (continued)", "{title} (suite)"),
    "data": ("Data", "Données"),
    "draft_note": ("Draft – not approved", "Ébauche – non approuvée"),
    "executive_summary": ("Executive summary", "Sommaire"),
    "ev_alternative": (
        "Planned value, earned value and actual cost by month, from {first} to {last}. {finding}",
        "Valeur planifiée, valeur acquise et coût réel par mois, de {first} à {last}. {finding}",
    ),
    "ev_behind": (
        "Earned value is {sv} behind plan; {cost}.",
        "La valeur acquise accuse un retard de {sv} sur le plan; {cost}.",
    ),
    "ev_ahead": (
        "Earned value is {sv} ahead of plan; {cost}.",
        "La valeur acquise devance le plan de {sv}; {cost}.",
    ),
    "ev_over": (
        "the work done has cost {cv} more than it is worth",
        "le travail fait a coûté {cv} de plus que sa valeur",
    ),
    "ev_under": (
        "the work done has cost {cv} less than it is worth",
        "le travail fait a coûté {cv} de moins que sa valeur",
    ),
    "at_a_glance": ("At a glance", "En bref"),
    "note_behind": ("{share} behind plan", "{share} de retard sur le plan"),
    "note_ahead": ("{share} ahead of plan", "{share} d’avance sur le plan"),
    "note_over": ("{share} over budget", "{share} au-dessus du budget"),
    "note_under": ("{share} under budget", "{share} sous le budget"),
    "note_of_budget": ("{share} of the budget", "{share} du budget"),
    "note_planned": ("{share} planned by now", "{share} prévu à cette date"),
    "note_on_track": ("on track from {limit}", "en bonne voie dès {limit}"),
    "note_needed": ("needed to end within budget", "requis pour respecter le budget"),
    "ai_summary": ("Drafted by a language model", "Rédigé par un modèle de langage"),
    "bars_alternative": (
        "Bars of {series} for {count} categories. {finding}",
        "Barres pour {count} catégories\N{NO-BREAK SPACE}: {series}. {finding}",
    ),
    "bars_title": ("Planned, forecast and actual cost", "Coûts planifiés, prévus et réels"),
    "bars_over": (
        "Forecast over plan: {count} of {all} categories; largest overrun: {name}, {amount}.",
        (
            "Prévues au-dessus du plan\N{NO-BREAK SPACE}: {count} catégories sur {all}; plus grand dépassement"
            "\N{NO-BREAK SPACE}: {name}, {amount}."
        ),
    ),
    "bars_within": (
        "Every category is forecast within its plan.",
        "Toutes les catégories devraient respecter le plan.",
    ),
    "matrix_alternative": (
        "Open risks by probability and most likely cost. {finding} {list}",
        "Risques ouverts selon la probabilité et le coût le plus probable. {finding} {list}",
    ),
    "matrix_finding": (
        "Of {count} open risks, {name} ({key}) carries the largest expected cost, {amount}.",
        "Des {count} risques ouverts, le plus lourd en coût attendu est {key}, {amount} ({name}).",
    ),
    "matrix_title": ("Open risks by probability and cost", "Risques ouverts selon la probabilité et le coût"),
    "matrix_impact": ("Most likely cost", "Coût le plus probable"),
    "up_to": ("up to {amount}", "jusqu’à {amount}"),
    "timeline_title": ("Milestones against their baseline", "Jalons par rapport à la référence"),
    "timeline_finding": (
        "Milestones reached: {done} of {count}; {slip}.",
        "Jalons atteints\N{NO-BREAK SPACE}: {done} sur {count}; {slip}.",
    ),
    "timeline_slip": (
        "the largest slip still open is {days} ({name})",
        "le plus grand retard encore ouvert est de {days} ({name})",
    ),
    "timeline_no_slip": (
        "none of the others is expected late",
        "aucun des autres n’est attendu en retard",
    ),
    "timeline_alternative": (
        "Planned and expected dates of {count} milestones. {finding}",
        "Dates planifiées et prévues de {count} jalons. {finding}",
    ),
    "expected": ("Expected", "Prévu"),
    "figure": ("Figure", "Figure"),
    "generated_at": ("Generated", "Produit le"),
    "health": ("Health", "État de santé"),
    "high": ("High", "Élevé"),
    "impact": ("Impact", "Incidence"),
    "in_notes": ("In the notes: {columns}", "Dans les notes\N{NO-BREAK SPACE}: {columns}"),
    "insights": ("Insights", "Constats"),
    "item": ("Item", "Élément"),
    "key_figures": ("Key figures", "Chiffres clés"),
    "low": ("Low", "Faible"),
    "metrics": ("Metrics", "Indicateurs"),
    "monte_carlo_analysis": ("Monte Carlo simulation", "Simulation de Monte-Carlo"),
    "month": ("Month", "Mois"),
    "no": ("No", "Non"),
    "none_in": ("{title}: none reported.", "{title}\N{NO-BREAK SPACE}: rien à signaler."),
    "none_given": ("Nothing was reported for this section.", "Rien n’a été signalé pour cette section."),
    "organization": ("Organization", "Organisation"),
    "page_of": ("Page {page} of {pages}", "Page {page} sur {pages}"),
    "period": ("Period", "Période"),
    "planned": ("Planned", "Planifié"),
    "prepared_by": ("Prepared by", "Préparé par"),
    "probability": ("Probability", "Probabilité"),
    "project": ("Project", "Projet"),
    "raw_data": ("Data behind the report", "Données du rapport"),
    "reached": ("Reached", "Atteint"),
    "report": ("Project monthly report", "Rapport mensuel de projet"),
    "risk": ("Risk", "Risque"),
    "section": ("Section", "Section"),
    "full_screen": ("Full screen", "Plein écran"),
    "next": ("Next", "Suivante"),
    "part_of": ("{part} of {parts}", "{part} sur {parts}"),
    "previous": ("Previous", "Précédente"),
    "simulated_cost": ("Cost, {percentile}", "Coût, {percentile}"),
    "simulated_finish": ("Finish, {percentile}", "Fin, {percentile}"),
    "simulated_contingency": ("Contingency for {percentile}", "Réserve pour {percentile}"),
    "simulated_within": ("Probability of meeting the budget", "Probabilité de respecter le budget"),
    "simulated_by": ("Probability of meeting the date", "Probabilité de respecter la date"),
    "simulated_both": ("Probability of meeting both", "Probabilité de respecter les deux"),
    "simulated_target": ("target: {target}", "cible\N{NO-BREAK SPACE}: {target}"),
    "simulated_mean": ("Mean cost", "Coût moyen"),
    "simulated_deviation": ("Standard deviation of the cost", "Écart type du coût"),
    "simulated_percentiles": ("Percentiles of the simulation", "Centiles de la simulation"),
    "simulated_percentile": ("Percentile", "Centile"),
    "simulated_total": ("Total cost", "Coût total"),
    "simulated_end": ("Finish date", "Date de fin"),
    "simulated_reserve": ("Contingency", "Réserve"),
    "simulated_curve": ("Probability of each total cost", "Probabilité de chaque coût total"),
    "simulated_likelihood": ("Probability", "Probabilité"),
    "simulated_curve_target": (
        "The project ends within {target} in {share} of the iterations.",
        "Le projet respecte la cible de {target} dans {share} des itérations.",
    ),
    "simulated_curve_half": (
        "Half of the iterations cost {amount} or less.",
        "La moitié des itérations coûtent {amount} ou moins.",
    ),
    "simulated_curve_plain": (
        "Costs in the simulation run from {low} to {high}.",
        "Les coûts de la simulation vont de {low} à {high}.",
    ),
    "simulated_curve_alternative": (
        "Cumulative probability of the total cost, from {low} to {high}. {finding}",
        "Probabilité cumulée du coût total, de {low} à {high}. {finding}",
    ),
    "simulated_drivers": ("Main drivers of the spread", "Principaux facteurs de dispersion"),
    "simulated_driver": ("Driver", "Facteur"),
    "simulated_kind": ("Kind", "Nature"),
    "simulated_effect": ("Effect on", "Effet sur"),
    "simulated_correlation": ("Correlation", "Corrélation"),
    "simulated_kind_cost_line": ("Cost line", "Poste de coût"),
    "simulated_kind_activity": ("Activity", "Activité"),
    "simulated_kind_risk": ("Risk", "Risque"),
    "simulated_effect_cost": ("Cost", "Coût"),
    "simulated_effect_finish": ("Finish date", "Date de fin"),
    "simulated_how": ("Iterations: {count}.", "Itérations\N{NO-BREAK SPACE}: {count}."),
    "simulated_when": ("Simulated on {day}.", "Simulation du {day}."),
    "slide_of": ("Slide {page} of {pages}", "Diapositive {page} sur {pages}"),
    "slides": ("Slides", "Diapositives"),
    "speaker_notes": ("Speaker notes", "Notes de présentation"),
    "status": ("Status", "Statut"),
    "summary": ("Summary", "Sommaire"),
    "table": ("Table", "Tableau"),
    "to_complete": ("Still to do", "Reste à faire"),
    "today": ("Report date", "Date du rapport"),
    "total": ("Total", "Total"),
    "validation": ("Validation", "Validation"),
    "version": ("Version", "Version"),
    "yes": ("Yes", "Oui"),
}

_STATUSES: dict[str, tuple[str, str]] = {
    "accepted": ("Accepted", "Accepté"),
    "achieved": ("Achieved", "Atteint"),
    "active": ("Active", "Actif"),
    "alert": ("Alert", "Alerte"),
    "analyzing": ("Under analysis", "En analyse"),
    "amber": ("At risk", "À risque"),
    "approved": ("Approved", "Approuvé"),
    "at_risk": ("At risk", "À risque"),
    "at-risk": ("At risk", "À risque"),
    "blocked": ("Blocked", "Bloqué"),
    "budget": ("Budget", "Budget"),
    "cancelled": ("Cancelled", "Annulé"),
    "closed": ("Closed", "Fermé"),
    "complete": ("Complete", "Terminé"),
    "completed": ("Completed", "Terminé"),
    "critical": ("Critical", "Critique"),
    "decided": ("Decided", "Décidé"),
    "deferred": ("Deferred", "Reporté"),
    "delayed": ("Delayed", "En retard"),
    "distributed": ("Distributed", "Diffusé"),
    "done": ("Done", "Fait"),
    "draft": ("Draft", "Ébauche"),
    "environmental": ("Environmental", "Environnement"),
    "external": ("External", "Externe"),
    "financial": ("Financial", "Financier"),
    "escalated": ("Escalated", "Transmis"),
    "green": ("On track", "En bonne voie"),
    "high": ("High", "Élevé"),
    "identified": ("Identified", "Cerné"),
    "in_progress": ("In progress", "En cours"),
    "late": ("Late", "En retard"),
    "low": ("Low", "Faible"),
    "medium": ("Medium", "Moyen"),
    "met": ("Met", "Atteint"),
    "mitigating": ("Mitigating", "En atténuation"),
    "mitigated": ("Mitigated", "Atténué"),
    "missed": ("Missed", "Manqué"),
    "monitoring": ("Monitoring", "Sous surveillance"),
    "needs_review": ("Needs review", "À réviser"),
    "not_started": ("Not started", "Non commencé"),
    "not_validated": ("Not validated", "Non validé"),
    "on_hold": ("On hold", "En attente"),
    "on_track": ("On track", "En bonne voie"),
    "on-track": ("On track", "En bonne voie"),
    "open": ("Open", "Ouvert"),
    "overdue": ("Overdue", "En retard"),
    "pending": ("Pending", "En attente"),
    "planned": ("Planned", "Planifié"),
    "planning": ("Planning", "En planification"),
    "prediction": ("Prediction", "Prévision"),
    "proposed": ("Proposed", "Proposé"),
    "quality": ("Quality", "Qualité"),
    "realized": ("Realized", "Réalisé"),
    "recommendation": ("Recommendation", "Recommandation"),
    "red": ("Critical", "Critique"),
    "rejected": ("Rejected", "Rejeté"),
    "resolved": ("Resolved", "Résolu"),
    "resource": ("Resources", "Ressources"),
    "review": ("In review", "En révision"),
    "risk": ("Risk", "Risque"),
    "schedule": ("Schedule", "Échéancier"),
    "scope": ("Scope", "Portée"),
    "slipped": ("Slipped", "Reporté"),
    "submitted": ("Submitted", "Soumis"),
    "summary": ("Summary", "Sommaire"),
    "taken": ("Taken", "Prise"),
    "technical": ("Technical", "Technique"),
    "trending_down": ("Trending down", "En baisse"),
    "trending_up": ("Trending up", "En hausse"),
    "under_review": ("Under review", "En révision"),
    "validated": ("Validated", "Validé"),
    "wanted": ("Wanted", "Demandée"),
    "yellow": ("At risk", "À risque"),
}

_GOOD = {"achieved", "approved", "closed", "complete", "completed", "done", "green", "low", "met", "mitigated"}
_GOOD |= {"on_track", "on-track", "realized", "resolved", "validated", "accepted", "taken"}
_WARNING = {
    "amber",
    "at_risk",
    "at-risk",
    "delayed",
    "medium",
    "on_hold",
    "slipped",
    "yellow",
    "escalated",
    "wanted",
    "needs_review",
}
_BAD = {"blocked", "critical", "high", "late", "missed", "overdue", "red", "rejected"}


def label(key: str, language: Language) -> str:
    """A word of the report's own, e.g. `label("contents", "fr")`."""
    return _LABELS[key][language == "fr"]


def status_label(raw: str, language: Language) -> str:
    """A status as it is read; one that isn't known stays as it was written."""
    known = _STATUSES.get(_status_key(raw))
    return known[language == "fr"] if known else raw


def status_tone(raw: str | None) -> Tone:
    """How a status is to be taken: good, warning, bad, or neutral when that isn't known."""
    key = _status_key(raw or "")
    tones: tuple[tuple[Tone, set[str]], ...] = (("good", _GOOD), ("warning", _WARNING), ("bad", _BAD))
    return next((tone for tone, members in tones if key in members), "neutral")


def _status_key(raw: str) -> str:
    return raw.strip().lower().replace(" ", "_")
