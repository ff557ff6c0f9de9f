"""Keeping a home in order: what doesn't fit together, how it is mended, and what can be freed."""
