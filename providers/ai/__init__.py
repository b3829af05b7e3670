"""Models: what turns texts into vectors, and what proposes wording. Offline there are local means for both."""
