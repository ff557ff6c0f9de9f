"""What a model says of held-out rows, and what is made of it."""
