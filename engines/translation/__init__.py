"""Translation: the memory's files and matches, and sentences beside those of their translation."""
