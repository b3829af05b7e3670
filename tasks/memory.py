"""`memory.import`, `memory.embed`, `memory.lookup`: the translation memory is filled, embedded and asked."""
