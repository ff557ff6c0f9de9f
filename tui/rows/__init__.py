"""The rows of a source as a list that does not feel its length: pages, filter, order, and each row as text."""
