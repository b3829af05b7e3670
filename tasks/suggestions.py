"""`suggestion.create`: better wording is proposed for a job description."""
