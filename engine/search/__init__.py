"""Searching for good knobs: what to try next."""
