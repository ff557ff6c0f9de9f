"""What comes out of a model: scores and their losses, text, and that memory was not enough."""
