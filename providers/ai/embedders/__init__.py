"""The embedders that there are."""
