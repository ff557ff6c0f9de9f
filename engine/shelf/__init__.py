"""The models on this machine: found and described by their files, without loading one, and without torch."""
