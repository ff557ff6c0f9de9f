"""What is seen: the full-screen app and its command-line twin."""
