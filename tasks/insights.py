"""`insight.generate`: what the figures of a report mean."""
