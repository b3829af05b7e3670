"""The assistants that there are."""
