"""Synthetic rows: made from training rows by a generator, each judged by filters before it is kept."""
