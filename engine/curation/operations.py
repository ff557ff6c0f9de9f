"""The operations that change rows: drop some, edit some, add synthetic ones, and drop what a report found."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, ClassVar

import numpy as np

from ...store import typed
from ...store.datasets import EVALUATION
from ...store.errors import ConfigError, DataError, StateError
from ..data import rows_file
from ..data.faults import RowFault
from ..data.jsonl import JsonRow, parsed
from ..data.rows_file import RowRecord
from .operation import Derived, Operation, Parent
from .report import report
from .splitting import Split
from .wording import counted, listed

LEAKAGE = {"leakage-exact", "leakage-near"}
# What a report would have dropped; all else that it finds is to be looked at.
CURABLE = (
    "bad-rows", "empty", "exact-duplicates", "near-duplicates", "label-conflicts", "encoding", *sorted(LEAKAGE),
)  # fmt: skip


@dataclass(frozen=True)
class Import(Operation):
    """The first version of a source as it is; what it is made of was done before any operation."""

    name: ClassVar[str] = "import"

    def derive(self, parent: Parent) -> Sequence[Derived]:
        return []


@dataclass(frozen=True)
class Drop(Operation):
    """Leave rows out, by index or by spans of lines."""

    name: ClassVar[str] = "drop"
    parameters: ClassVar[tuple[str, ...]] = ("reason",)
    rows: Sequence[int] = ()
    lines: Sequence[tuple[int, int]] = ()
    reason: str = ""

    def derive(self, parent: Parent) -> Sequence[Derived]:
        dropped = np.union1d(parent.checked_indices(self.rows), parent.indices_of_lines(self.lines))
        reason = f" ({self.reason})" if self.reason else ""
        return [_without(parent, dropped, f"{counted(len(dropped))} dropped{reason}", {"dropped": len(dropped)})]


@dataclass(frozen=True)
class Edit(Operation):
    """Put other JSON in the place of rows, by index or by line; the rows stay where they are, and who they are."""

    name: ClassVar[str] = "edit"
    edits: Mapping[int, str] = field(default_factory=dict)
    lines: Mapping[int, str] = field(default_factory=dict)

    def derive(self, parent: Parent) -> Sequence[Derived]:
        asked = dict(self.edits)
        for line, text in self.lines.items():
            asked[int(parent.indices_of_lines([(line, line)])[0])] = text
        edited = {
            int(index): _rewritten(parent, int(parent.lines[index]), asked[index])
            for index in parent.checked_indices(asked)
        }
        changed = sum(index in edited and record.row != edited[index] for index, record in enumerate(parent.records()))
        if not changed:
            raise StateError(f"{parent.label} says so already.", "No version was made.")
        sentence = f"{counted(changed)} edited: {listed([int(parent.lines[index]) for index in edited])}"
        return [Derived(_edited(parent, edited), sentence, {"edited": changed})]


@dataclass(frozen=True)
class Add(Operation):
    """Append synthetic rows, each with the line of the row that it was made from, and what made it."""

    name: ClassVar[str] = "add"
    parameters: ClassVar[tuple[str, ...]] = ("reason",)
    rows: Sequence[Mapping[str, Any]] = ()
    reason: str = ""

    def derive(self, parent: Parent) -> Sequence[Derived]:
        if parent.dataset.role == EVALUATION:
            raise DataError(
                f"{parent.label} was set apart for evaluation, and is never augmented.",
                "Add the rows to the version that is trained.",
            )
        if not self.rows:
            raise StateError("There are no rows to add.", "No version was made.")
        known = set(parent.lines.tolist())
        added = [
            _added(parent.highest_line + number, asked, known, parent.label)
            for number, asked in enumerate(self.rows, start=1)
        ]
        makers = Counter(record.generator for record in added)
        by = ", ".join(f"{count:,} by {maker}" for maker, count in makers.most_common())
        reason = f" ({self.reason})" if self.reason else ""
        sentence = f"{counted(len(added), 'synthetic row')} added: {by}{reason}"
        return [Derived(chain(parent.records(), added), sentence, {"added": len(added), **makers})]


@dataclass(frozen=True)
class Cure(Operation):
    """Drop the rows that a report finds: what of the kinds asked for is cured by dropping."""

    name: ClassVar[str] = "cure"
    parameters: ClassVar[tuple[str, ...]] = ("kinds", "options")
    kinds: Sequence[str] = ()
    options: Sequence[str] = ()

    def derive(self, parent: Parent) -> Sequence[Derived]:
        self._check()
        found = report(parent.dataset.reference, self.options, parent.report)["findings"]
        dropped: dict[int, str] = {}
        for finding in found:
            if finding["kind"] in self.kinds:
                dropped |= {index: finding["kind"] for index in finding["rows"] if index not in dropped}
        if not dropped:
            raise StateError(f"{parent.label} has none of {', '.join(self.kinds)}.", "No version was made.")
        counts = Counter(dropped.values())
        of_kinds = ", ".join(_named(kind, count) for kind, count in counts.most_common())
        return [_without(parent, np.array(sorted(dropped)), f"{counted(len(dropped))} dropped: {of_kinds}", counts)]

    def _check(self) -> None:
        if not self.kinds:
            raise ConfigError("The cure names no kinds of findings.", f"There is {', '.join(CURABLE)}.")
        if unknown := [kind for kind in self.kinds if kind not in CURABLE]:
            raise ConfigError(f"{unknown[0][:40]} is not cured by dropping rows.", f"What is: {', '.join(CURABLE)}.")
        if "--eval-data" not in self.options and (leakage := LEAKAGE & {*self.kinds}):
            raise ConfigError(
                f"{min(leakage)} is found by comparing with rows for evaluation.", "Name them: --eval-data."
            )


OPERATIONS: Mapping[str, type[Operation]] = {kind.name: kind for kind in (Import, Drop, Edit, Add, Cure, Split)}


def read(asked: object) -> Operation:
    """The operation that an operation file asks for.

    Raises:
        ConfigError: there is no such operation, or it has no such field, or one that is no such value.
    """
    values = dict(asked) if isinstance(asked, dict) else {}
    kind = OPERATIONS.get(str(values.pop("op", "")))
    if kind is None:
        raise ConfigError("The operation file names no operation.", f"There is {', '.join(OPERATIONS)}.")
    return typed.made_of(kind, values, f"The operation {kind.name}")


def _named(kind: str, count: int) -> str:
    words = kind.replace("-", " ")
    return f"{count:,} {words.removesuffix('s') if count == 1 else words}"


def _without(parent: Parent, dropped: np.ndarray, sentence: str, counts: Mapping[str, int]) -> Derived:
    if not 0 < len(dropped) < len(parent.lines):
        which = "all rows" if len(dropped) else "none of the rows"
        raise StateError(f"That would drop {which} of {parent.label}.", "No version was made.")
    kept = np.ones(len(parent.lines), bool)
    kept[dropped] = False
    return Derived(parent.only(kept), sentence, counts)


def _edited(parent: Parent, edited: Mapping[int, str]) -> Iterator[RowRecord]:
    for index, record in enumerate(parent.records()):
        yield record._replace(row=edited[index], fault="") if index in edited else record


def _rewritten(parent: Parent, line: int, text: str) -> str:
    """The row as it is kept. Raises DataError where the text is not JSON."""
    try:
        return rows_file.record(JsonRow(line, parsed(text))).row
    except RowFault as fault:
        raise DataError(
            f"The new row for line {line:,} of {parent.label}: {fault}.",
            'Write it as one JSON value, such as {"text": "..."}; nothing was changed.',
        ) from None


def _added(line: int, asked: Mapping[str, Any], known: set[int], label: str) -> RowRecord:
    origin, generator = asked.get("origin"), asked.get("generator")
    # A bool is an int for Python, and line 1 for a set.
    if not isinstance(origin, int) or isinstance(origin, bool):
        raise _incomplete("its origin, the line that it was made from")
    if not (isinstance(generator, str) and generator):
        raise _incomplete("its generator, what made it")
    if "row" not in asked:
        raise _incomplete("its value")
    if origin not in known:
        raise DataError(
            f"A row to be added was made from line {origin:,}, which {label} doesn't have.",
            "Add it to the version that it was made from; nothing was added.",
        )
    return rows_file.record(JsonRow(line, asked["row"]))._replace(origin=origin, generator=generator)


def _incomplete(what: str) -> DataError:
    return DataError(f"A row to be added lacks {what}.", "Each synthetic row has to say so; nothing was added.")
