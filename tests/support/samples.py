"""Who and what the sample data holds."""

from __future__ import annotations

from uuid import UUID

SPONSOR = UUID("0997d2af-2a29-4631-b3db-8b07e45fe1bc")
SPONSOR_EMAIL = "marguerite.desrosiers-hale@cws-svnc.example.org"
# Manages the locks, and is a member of no other project.
LOCKS_MANAGER = UUID("e96dd7d0-66ee-4b07-91b2-f7d89e0dd544")
LOCKS_MANAGER_EMAIL = "owen.fairlamb@cws-svnc.example.org"
LOCKS_REPORT = UUID("7475ec01-bd60-4470-b704-f1bf1ee318ba")
