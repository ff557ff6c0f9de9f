"""The language of the rows' filter, such as `refund !"not mine" label=neg tokens>512 is:bad`, and its evaluation."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ...store.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from .rows_file import RowFacts, RowsFile

KINDS = ("bad", "synthetic", "marked")
_COMPARED = re.compile(r"(line|length|tokens|label)(!=|<=|>=|=|<|>)(.*)", re.DOTALL)
_PART = re.compile(r'!?(?:"[^"]*"|[^\s"])+')
# The name of a field with its colon, as it stands in JSON: words are sought in values alone.
_FIELD = r'"(?:[^"\\]|\\.)*": ?'


@dataclass(frozen=True)
class Term:
    """A condition: a `word` in the row, a `kind` of row, or a field compared; `negated` turns it round."""

    field: str
    operator: str
    value: str
    negated: bool


@dataclass(frozen=True)
class RowFilter:
    """Conditions that must all hold."""

    terms: tuple[Term, ...] = ()

    @property
    def needs_facts(self) -> bool:
        """Whether it asks for what only a report knows."""
        return any(term.field in ("tokens", "label") for term in self.terms)


ALL = RowFilter()


@dataclass(frozen=True)
class Rows:
    """What a filter is held against; `marked` is a mask of the rows."""

    file: "RowsFile"
    marked: "np.ndarray"
    facts: "RowFacts | None" = None


def parse(text: str) -> RowFilter:
    """Raises UserError with the place of what can't be read, counted from 1."""
    terms, at = [], 0
    for found in _PART.finditer(text):
        _refuse_quote(text[at : found.start()], at)
        terms.append(_term(found[0], found.start() + 1))
        at = found.end()
    _refuse_quote(text[at:], at)
    return RowFilter(tuple(terms))


def _refuse_quote(between: str, at: int) -> None:
    if '"' in between:
        _refuse(at + 1 + between.index('"'), "the quote has no end")


def _term(part: str, place: int) -> Term:
    negated, part = part.startswith("!"), part.removeprefix("!")
    if not part:
        _refuse(place, "there is nothing after !")
    if part.startswith('"'):
        return Term("word", "=", part.replace('"', ""), negated)
    if part.startswith("is:"):
        if part[3:] not in KINDS:
            _refuse(place, f"there is no {part[:20]}, only {', '.join(f'is:{kind}' for kind in KINDS)}")
        return Term("kind", "=", part[3:], negated)
    compared = _COMPARED.fullmatch(part)
    if compared is None:
        return Term("word", "=", part.replace('"', ""), negated)
    field, operator, value = compared[1], compared[2], compared[3].replace('"', "")
    if field == "label" and operator not in ("=", "!="):
        _refuse(place, f"a label is = or !=, not {operator}")
    if field != "label" and not re.fullmatch(r"[0-9]{1,18}", value):
        _refuse(place, f"{field}{operator} needs a whole number, not {value[:20]!r}")
    return Term(field, operator, value, negated)


def _refuse(place: int, why: str) -> NoReturn:
    raise UserError(f"The filter can't be read at character {place}: {why}.")


def find(wanted: RowFilter, rows: Rows, goes_on: Callable[[], bool] = lambda: True) -> "np.ndarray":
    """The places of the rows that fit, in order; in a thread. Empty where `goes_on` says that nobody waits any more.

    Raises:
        UserError: the filter asks for what is not known.
    """
    import numpy as np

    if wanted.needs_facts:
        known(rows)
    kept = np.ones(len(rows.file), dtype=bool)
    # Words are sought last: they cost most, and only in the pages that are left.
    for term in sorted(wanted.terms, key=lambda term: (term.field in ("word", "length"), term.field)):
        if not goes_on():
            return np.empty(0, dtype=np.int64)
        kept &= _holds(term, rows, kept, goes_on) ^ term.negated
    return np.flatnonzero(kept)


def known(rows: Rows) -> "RowFacts":
    """What the report has measured. Raises UserError where there was none."""
    if rows.facts is None:
        raise UserError("Tokens and labels are known from the report.", "Have it made first.")
    return rows.facts


def _holds(term: Term, rows: Rows, kept: "np.ndarray", goes_on: Callable[[], bool]) -> "np.ndarray":
    if term.field == "word":
        return _says(term.value, rows.file, kept, goes_on)
    if term.field == "kind":
        return _is(term.value, rows)
    if term.field == "label":
        pc = _compute()

        return _mask(pc.equal(known(rows).labels, term.value)) ^ (term.operator == "!=")
    return _compare(_numbers(term.field, rows), term.operator, int(term.value))


def _compare(values: "np.ndarray", operator: str, number: int) -> "np.ndarray":
    if operator in ("<", "<="):
        return values < number if operator == "<" else values <= number
    if operator in (">", ">="):
        return values > number if operator == ">" else values >= number
    return (values == number) ^ (operator == "!=")


def _numbers(field: str, rows: Rows) -> "np.ndarray":
    if field == "tokens":
        return known(rows).tokens
    return lengths(rows.file) if field == "length" else rows.file.column("line").to_numpy()


def lengths(file: "RowsFile") -> "np.ndarray":
    """The characters of each row's JSON; all of them are read (1 s a million)."""
    import numpy as np

    pc = _compute()

    found = [pc.utf8_length(column).to_numpy() for _, column in file.pages("row")]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int32)


def _is(kind: str, rows: Rows) -> "np.ndarray":
    pc = _compute()

    if kind == "marked":
        return rows.marked
    return _mask(pc.not_equal(rows.file.column("fault" if kind == "bad" else "generator"), ""))


def _compute() -> Any:
    # Its functions are made when it is imported: no checker of types knows them.
    import pyarrow.compute

    return pyarrow.compute


def _mask(found: "pa.Array | pa.ChunkedArray") -> "np.ndarray":
    return found.to_numpy(zero_copy_only=False).astype(bool)


def _says(word: str, file: "RowsFile", kept: "np.ndarray", goes_on: Callable[[], bool]) -> "np.ndarray":
    """Whether the word stands in the values of the row, or in what is wrong with it."""
    pc = _compute()

    found = _mask(pc.match_substring(file.column("fault"), word, ignore_case=True))
    for places, rows in file.pages("row", kept):
        if not goes_on():
            break
        found[places] |= _in_values(word, rows)
    return found


def _in_values(word: str, rows: "pa.ChunkedArray") -> "np.ndarray":
    pc = _compute()

    written = json.dumps(word, ensure_ascii=False)[1:-1]
    found = _mask(pc.match_substring(rows, written, ignore_case=True))
    if found.any():
        values = pc.replace_substring_regex(rows.filter(found), pattern=_FIELD, replacement=" ")
        found[found] = _mask(pc.match_substring(values, written, ignore_case=True))
    return found
