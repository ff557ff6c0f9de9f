"""What marks a store as ours, and the version of its schema."""

APPLICATION_ID = 0x74756E65  # "tune", so that `file` and we ourselves know our own
SCHEMA_VERSION = 6
