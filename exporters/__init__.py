"""A report document in, a file out: one exporter for each format."""
