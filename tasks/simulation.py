"""`simulation.run`: a project is played through many times."""
