"""What is remembered: the types that app and engine share, and the only SQL."""
