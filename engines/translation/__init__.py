"""Translation: sentences beside those of their translation."""
