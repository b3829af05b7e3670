"""What `dray demo` sends through the API, and how it shows what came of it."""
