"""The command palette: everything that can be done by a key, and everything that has a name, found by words."""
