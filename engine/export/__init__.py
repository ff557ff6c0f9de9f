"""Taking a run's result away, verified, with a model card: as adapter, merged weights, GGUF, or for Ollama."""
