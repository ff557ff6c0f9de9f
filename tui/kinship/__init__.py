"""The trees of runs, as lines with guides and in words."""
