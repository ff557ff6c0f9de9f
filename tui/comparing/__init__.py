"""Runs side by side: what differs in how they were set up, in what they score, and in what they say."""
