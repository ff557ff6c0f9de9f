"""Tokens for the eye: the stretches of one row, what is marked of them, and how they fold into lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from rich.cells import cell_len, chop_cells

from ..clean import clean

Look = Literal["plain", "trained", "special", "trained-special", "note"]
_BREAK, _PLAIN_BREAK = "⏎", "\\n"
_TAB = "→"
# A row may have as many tokens as a model has places; this many fold in 20 ms, and nobody reads on.
_MOST_TOKENS = 20_000


class Piece(NamedTuple):
    """A text with one look."""

    text: str
    look: Look


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class TokenRow:
    """What the engine's verb `tokens` says of one example of a row, or of a row that can't be used (`error`)."""

    line: int
    index: int
    of: int
    error: str = ""
    tokens: tuple[str, ...] = ()
    trained: tuple[tuple[int, int], ...] = ()
    special: frozenset[int] = frozenset()
    target: tuple[str, ...] = ()
    truncated: bool = False
    lost: int | None = None
    lost_trained: int | None = None

    @classmethod
    def read(cls, answer: dict[str, Any]) -> "TokenRow":
        place = (answer["row"], answer["index"], answer["of"])
        if "error" in answer:
            return cls(*place, error=str(answer["error"]))
        return cls(
            *place,
            tokens=tuple(answer["tokens"]),
            trained=tuple((start, end) for start, end in answer["trained"]),
            special=frozenset(answer["special"]),
            target=tuple(answer["target"]),
            truncated=answer["truncated"],
            lost=answer["lost"],
            lost_trained=answer["lost_trained"],
        )

    @property
    def trained_tokens(self) -> int:
        return sum(end - start for start, end in self.trained)

    @property
    def facts(self) -> str:
        """How long it is, how much of it is trained, and how much is cut off, in words."""
        if self.error:
            return "can't be used"
        told = [f"{len(self.tokens):,} tokens"]
        told += [f"trained towards {' '.join(self.target) or 'none'}"] if not self.trained else []
        told += [f"{self.trained_tokens:,} trained"] if self.trained else []
        if self.truncated:
            told.append(f"cut, {self.lost:,} lost" if self.lost else "cut")
        return ", ".join(told)


@lru_cache(512)
def folded(row: TokenRow, width: int, *, plain: bool = False, apart: bool = False) -> tuple[Line, ...]:
    """The row's lines, none wider than so many cells; `plain` shows all in ASCII, with trained stretches in brackets.

    With `apart` a bar stands between any two tokens; without it, words that the tokenizer has parted from their spaces
    get one back. A line break is shown by a sign and goes to the next line.
    """
    if row.error:
        return tuple((Piece(part, "plain"),) for part in chop_cells(clean(row.error).replace("\n", " "), width))
    return tuple(_lines(_pieces(row, plain=plain, apart=apart), max(width, 2), _PLAIN_BREAK if plain else _BREAK))


def _pieces(row: TokenRow, *, plain: bool, apart: bool) -> Iterator[Piece]:
    starts, ends = ({stretch[at] for stretch in row.trained} for at in (0, 1))
    is_spaced = any(token.startswith(" ") for token in row.tokens)
    is_trained = False
    for place, token in enumerate(row.tokens[:_MOST_TOKENS]):
        is_trained = place in starts or (is_trained and place not in ends)
        gap = "|" if apart else "" if is_spaced or token.startswith("##") else " "
        if place and gap:
            yield Piece(gap, "note" if apart else "trained" if is_trained and place not in starts else "plain")
        if plain and place in starts:
            yield Piece("[", "note")
        yield Piece(token, _look(is_trained=is_trained, is_special=place in row.special))
        if plain and place + 1 in ends:
            yield Piece("]", "note")
    yield from _ending(row)


def _look(*, is_trained: bool, is_special: bool) -> Look:
    if is_special:
        return "trained-special" if is_trained else "special"
    return "trained" if is_trained else "plain"


def _ending(row: TokenRow) -> Iterator[Piece]:
    if len(row.tokens) > _MOST_TOKENS:
        yield Piece(f"\n{len(row.tokens) - _MOST_TOKENS:,} more tokens are not shown", "note")
    if row.truncated:
        of_them = f", {row.lost_trained:,} of them trained" if row.lost_trained else ""
        yield Piece("\n--- cut here" + (f": {row.lost:,} tokens lost{of_them} ---" if row.lost else " ---"), "note")


def _lines(pieces: Iterator[Piece], width: int, sign: str) -> Iterator[Line]:
    line: list[Piece] = []
    room = width
    for piece, is_break in _parts(pieces, sign):
        parts = [piece.text] if cell_len(piece.text) <= room else _chopped(piece.text, width)
        for at, part in enumerate(parts):
            if at or cell_len(part) > room:
                yield _joined(line)
                line, room = [], width
            line.append(Piece(part, piece.look))
            room -= cell_len(part)
        if is_break:
            yield _joined(line)
            line, room = [], width
    if line:
        yield _joined(line)


def _chopped(text: str, width: int) -> Sequence[str]:
    return chop_cells(text, width) or [""]


def _parts(pieces: Iterator[Piece], sign: str) -> Iterator[tuple[Piece, bool]]:
    """Each piece in parts that end at a line break, with the break's sign; and whether a break follows."""
    for piece in pieces:
        *before, last = clean(piece.text).replace("\t", _TAB).split("\n")
        for part in before:
            yield (Piece(part if piece.look == "note" else part + sign, piece.look), True)
        if last:
            yield (Piece(last, piece.look), False)


def _joined(line: Sequence[Piece]) -> Line:
    """Neighbours with the same look as one piece."""
    groups = groupby(line, key=attrgetter("look"))
    return tuple(Piece("".join(text for text, _ in group), look) for look, group in groups)
