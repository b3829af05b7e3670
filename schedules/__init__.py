"""What is due when: data, no functions."""
