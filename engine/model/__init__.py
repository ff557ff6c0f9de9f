"""The model that a run starts with: found, loaded, given its labels and its arithmetic."""
