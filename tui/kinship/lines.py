"""The trees of runs as lines, each with the guide that leads to it: `│  ├═ `."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from ...store.kinship import Link, Node

# A chain of ten thousand runs would be drawn outside of every screen.
_MOST_GUIDE_CELLS = 24


# By link, what leads to a further child, and to the last one.
STROKES: dict[Link, tuple[str, str]] = {
    "base": ("├─", "└─"), "part": ("├─", "└─"), "weights": ("╞═", "╘═"), "set-up": ("├┄", "└┄"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A node in sight; `above` is the key of the one that it hangs on, "" for a root."""

    node: Node
    guide: str
    above: str
    depth: int
    is_folded: bool


def lines(roots: Iterable[Node], folded: Container[str] = ()) -> list[Line]:
    """All lines of the trees, but for what stands below a folded one; by a stack, however deep they are."""
    made: list[Line] = []
    left = [(root, "", "", "", 0) for root in reversed([*roots])]
    while left:
        node, guide, below, above, depth = left.pop()
        is_folded = bool(node.children) and node.key in folded
        made.append(Line(node, guide, above, depth, is_folded))
        if not is_folded:
            children = node.children
            left += [
                (child, *_guides(child, below, is_last=child is children[-1]), node.key, depth + 1)
                for child in reversed(children)
            ]
    return made


def _guides(child: Node, before: str, *, is_last: bool) -> tuple[str, str]:
    """What leads to the child, and what stands before its own children."""
    if len(before) > _MOST_GUIDE_CELLS:
        before = "…" + before[4:]
    bar = " " if is_last else "│"
    return f"{before}{STROKES[child.link][is_last]} ", f"{before}{bar}  "
