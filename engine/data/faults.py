"""The rows that can't be used: what is wrong with each, where it stands, and how many there are."""

from dataclasses import dataclass, field

from ...store.errors import DataError

KEPT_BAD_ROWS = 100
NAMED_BAD_ROWS = 3


class RowFault(Exception):
    """A row can't be used; the text names the field and what is wrong with it, without file or line."""


@dataclass(frozen=True)
class BadRow:
    """A row that can't be used: its line, counted from 1, and a sentence without the place.

    In a source of several files the lines count on from one to the next; there `place` says which file it is, and
    which line of that one.
    """

    line: int
    sentence: str
    place: str = field(default="", repr=False)

    @property
    def told(self) -> str:
        """The sentence, with the place where the line alone doesn't say it."""
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


@dataclass
class BadRows:
    """Every bad row of one file: all are counted, the first hundred are kept with their sentences."""

    name: str
    count: int = 0
    kept: list[BadRow] = field(default_factory=list)

    def add(self, bad_row: BadRow) -> None:
        self.count += 1
        if len(self.kept) < KEPT_BAD_ROWS:
            self.kept.append(bad_row)

    def summary(self) -> str:
        """One sentence with the places: `train.jsonl line 1,204: messages[2].content is a number, expected text.`"""
        named = [bad_row.told if bad_row.place else _by_line(bad_row) for bad_row in self.kept[:NAMED_BAD_ROWS]]
        if self.count == 1:
            return f"{named[0]}." if self.kept[0].place else f"{self.name} {named[0]}."
        more = f"; and {self.count - len(named):,} more" if self.count > len(named) else ""
        return f"{self.name} has {self.count:,} rows that can't be used: {'; '.join(named)}{more}."

    def refusal(self) -> DataError:
        rows = "this row" if self.count == 1 else "these rows"
        return DataError(self.summary(), f'Mend {rows}, or leave them out with on_bad_rows = "skip".')


def _by_line(bad_row: BadRow) -> str:
    return f"line {bad_row.line:,}: {bad_row.sentence}"
