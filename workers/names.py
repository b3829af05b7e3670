"""Names that stand in messages."""

# The one message there is: it carries run ids and their kind, and nothing else.
RING = "dray.ring"
