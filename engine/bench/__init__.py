"""Tunedeck held against other trainers: the same work, one after the other, on the same machine."""
