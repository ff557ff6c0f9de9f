"""How many runs are compared, and what they are called in charts and tables."""

FEWEST, MOST = 2, 6
LETTERS = "ABCDEF"
