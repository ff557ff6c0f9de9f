"""What a model keeps of what it knew: general texts, measured before, during and after the training."""
