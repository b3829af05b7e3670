"""`memory.align`: the sentences of a document are paired with those of its translation."""
