"""Holds a job description against rules: values in, findings out."""
