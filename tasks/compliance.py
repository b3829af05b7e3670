"""`compliance.check`: a job description is held against the rules."""
