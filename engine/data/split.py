"""Duplicates out, and the rest apart into training and evaluation rows that share no question."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ...store.errors import DataError
from .chat import ChatRow, Message


@dataclass(frozen=True)
class Split:
    """Rows to train on and rows to evaluate with, each in file order."""

    train: tuple[ChatRow, ...]
    evaluation: tuple[ChatRow, ...]


def drop_duplicates(rows: Iterable[ChatRow]) -> tuple[list[ChatRow], int]:
    """Keep the first of the rows whose conversations are equal but for case and white space; count the others."""
    first_rows: dict[bytes, ChatRow] = {}
    total = 0
    for row in rows:
        total += 1
        first_rows.setdefault(_key(row.messages), row)
    return list(first_rows.values()), total - len(first_rows)


def split_by_question(rows: Sequence[ChatRow], eval_fraction: float, seed: int) -> Split:
    """Set about `eval_fraction` of the rows aside, so that no question stands on both sides.

    A question is everything before the *first* assistant turn, but for case and white space. Every assistant turn is
    trained, and the context of each begins with that question: with a later one, `[u1, a1]` could be evaluated while
    `[u1, a1, u2, a2]` trains the same answer. Which groups are set aside depends on the seed and the questions, not on
    the order of the rows.

    Raises DataError for fewer than two questions, unless `eval_fraction` is 0.
    """
    if eval_fraction == 0:
        return Split(tuple(rows), ())
    groups: dict[bytes, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        groups[_key(_question(row))].append(index)
    if len(groups) < 2:
        raise DataError(
            f"The {len(rows):,} rows ask {len(groups)} question, too few to set some aside for evaluation.",
            "Add rows with other questions, or set eval_fraction to 0.",
        )
    chosen = _chosen_groups(groups, eval_fraction * len(rows), seed)
    aside = {index for key in chosen for index in groups[key]}
    return Split(
        tuple(row for index, row in enumerate(rows) if index not in aside),
        tuple(row for index, row in enumerate(rows) if index in aside),
    )


def _chosen_groups(groups: dict[bytes, list[int]], target_rows: float, seed: int) -> list[bytes]:
    """Groups in an order drawn by the seed, as long as they fit; the smallest where none does."""
    drawn = sorted(groups, key=lambda key: hashlib.sha256(f"{seed}:".encode() + key).digest())
    chosen: list[bytes] = []
    taken_rows = 0
    # The last group stays for training, whatever the fraction.
    for key in drawn[:-1]:
        if taken_rows + len(groups[key]) <= target_rows:
            chosen.append(key)
            taken_rows += len(groups[key])
    return chosen or [min(drawn, key=lambda key: len(groups[key]))]


def _question(row: ChatRow) -> Iterable[Message]:
    return takewhile(lambda message: message.role != "assistant", row.messages)


def _key(messages: Iterable[Message]) -> bytes:
    digest = hashlib.sha256()
    for message in messages:
        normalised = " ".join(message.content.split()).casefold()
        # The unit separator can't remain in normalised text (it splits there), so no two conversations collide.
        digest.update(f"{message.role}\x1f{normalised}\x1f".encode())
    return digest.digest()
