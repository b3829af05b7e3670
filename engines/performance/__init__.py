"""How a project performs against its plan."""
