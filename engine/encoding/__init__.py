"""From a row's words to the tensors that a model reads."""
