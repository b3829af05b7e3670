"""Job descriptions that tests write themselves."""

from __future__ import annotations

import psycopg

from tests.support.databases import TestDatabase

ENGLISH = """\
# WORK DESCRIPTION

Position Title: Manager, Waterway Services
Group/Level: AS-05
Language Requirements: Bilingual Imperative BBB/BBB

## GENERAL ACCOUNTABILITY

The Manager directs 23 sites  and and their 410 employees. The Manager signs contracts up to $40,000 prior to delivery.

## NATURE AND SCOPE

The Manager meets suppliers on a regular basis in order to keep the prices of June 15, 2026. In the event that a gate \
fails, the Manager finds another within 48 hours. The position is bilingual BBB/BBB.
"""

FRENCH = """\
# DESCRIPTION DE TRAVAIL

Titre du poste : Gestionnaire, Services des voies navigables

## RESPONSABILITÉS GÉNÉRALES

Le ou la gestionnaire dirige 23 emplacements. Il lui faut signer les marchés jusqu'à concurrence de 40 000 $.
"""


def add_description(database: TestDatabase, job_number: str, text: str, language: str = "en") -> int:
    """Store a description and return its id."""
    with psycopg.connect(database.migrator_url) as connection:
        row = connection.execute(
            "INSERT INTO job_descriptions (job_number, title, classification, language, raw_content)"
            " VALUES (%s, 'Manager', 'AS-05', %s, %s) RETURNING id",
            [job_number, language, text],
        ).fetchone()
    assert row is not None
    return int(row[0])
