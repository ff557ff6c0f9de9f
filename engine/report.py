"""How work that takes a while says what it is doing."""

from collections.abc import Callable

Report = Callable[[str], None]


def say_nothing(text: str, *, level: str = "info") -> None:
    """The report for callers that show no progress, and note no events."""
