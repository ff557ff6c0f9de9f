"""Synthetic rows: the form, the queue, the review, and the proof."""
