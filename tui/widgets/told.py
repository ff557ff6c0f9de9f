"""A sentence or two about what the cursor is on, as long as its place is high."""

from .line import Line


class Told(Line):
    """Wrapped, and repainted only when its words change: a watch that looks each second writes nothing."""

    DEFAULT_CSS = """
    Told { height: auto; text-wrap: wrap; text-overflow: fold; }
    """
