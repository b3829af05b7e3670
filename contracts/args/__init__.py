"""The args of every kind, by the thing they are about."""
