"""Looking at rows, and mending them."""
