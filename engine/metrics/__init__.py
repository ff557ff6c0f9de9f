"""Metrics of every task: pure functions from labels and predictions to flat names and numbers."""
