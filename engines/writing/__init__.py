"""Proposes better wording: rules that are certain, and the checks that every proposal must pass, whoever made it."""
