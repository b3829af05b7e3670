"""`session.clean`, `report.maintain`, `export.expire`, `health.probe`: the system keeps itself in order."""
