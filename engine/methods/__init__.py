"""How a model is tuned: what of it is trained, by which optimizer, and what keeps it from overfitting."""
