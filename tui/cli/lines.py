"""Lines of data as people write them on the command line."""

from typing import Any

import click


class Lines(click.ParamType):
    """`3,17-20`: each stretch as its first and its last line."""

    name = "lines"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[tuple[int, int]]:
        spans = []
        for part in value.split(","):
            first, dash, last = part.strip().partition("-")
            last = last if dash else first
            if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
                self.fail(f"{part!r} is no line or range of lines; write them like 3,17-20.", param, ctx)
            spans.append((int(first), int(last)))
        return spans
