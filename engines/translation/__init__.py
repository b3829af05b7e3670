"""Translation memory: its files, and how well an entry matches a text."""
