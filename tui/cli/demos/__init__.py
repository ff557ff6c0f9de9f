"""The demos of `tunedeck demo`, one a file."""
