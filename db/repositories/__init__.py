"""Reads and writes of the shared schema, one module per subject. They return plain frozen values, never ORM objects."""
