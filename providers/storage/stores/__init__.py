"""The implementations of a file store."""
