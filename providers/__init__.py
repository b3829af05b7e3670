"""Edges to the outside: storage today."""
