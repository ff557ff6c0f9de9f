"""Training, update by update: the loop, what it lowers, what it obeys, and what it saves."""
