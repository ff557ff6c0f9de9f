"""The part of a model that a run leaves as it is: without dropout, and computed once for each row."""
