"""The rows that can't be used: what is wrong with each, where it stands, and how many there are."""

from dataclasses import dataclass, field

from ...store.errors import DataError

KEPT_BAD_ROWS = 100
NAMED_BAD_ROWS = 3


class RowFault(Exception):
    """A row can't be used; the text names the field and what is wrong with it, without file or line."""


@dataclass(frozen=True)
class BadRow:
    """A row that can't be used: its line, counted from 1, and a sentence without the place."""

    line: int
    sentence: str


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
        if self.count == 1:
            return f"{self.name} line {self.kept[0].line:,}: {self.kept[0].sentence}."
        named = [f"line {bad_row.line:,}: {bad_row.sentence}" for bad_row in self.kept[:NAMED_BAD_ROWS]]
        more = f"; and {self.count - len(named):,} more" if self.count > len(named) else ""
        return f"{self.name} has {self.count:,} rows that can't be used: {'; '.join(named)}{more}."

    def refusal(self) -> DataError:
        rows = "this row" if self.count == 1 else "these rows"
        return DataError(self.summary(), f'Mend {rows}, or leave them out with on_bad_rows = "skip".')
