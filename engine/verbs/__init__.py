"""The engine's short answers, one verb a file: each prints JSON lines on standard output."""
