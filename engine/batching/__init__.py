"""From rows to the tensors of an update."""
