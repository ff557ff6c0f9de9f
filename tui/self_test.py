"""Faults injected on the user's own machine: what was tried, and what was lost; for the command line and the app."""

import secrets
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .clean import clean, clean_line
from .engine_process import Ending, ask

_BIDI = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SEQUENCES = (
    "\x1bc", "\x1b[2J", "\x1b[31337m", "\x1b]0;title\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b]8;;file:///etc\x1b\\",
    "\x1bP1;2q\x1b\\", "\x1b_Gq\x1b\\", "\x9b31m", "\x9d52;c;ZXZpbA==\x9c", "\x90q\x9c", "a\rb", "a\x08b",
    "\ud800", "\udc80",
)  # fmt: skip
ADVICE = "Something was lost. See whether `tunedeck doctor` finds a fault; if it finds none, report what stands above."


@dataclass(frozen=True)
class Trial:
    """One kind of fault, injected again and again; `losses` names what was lost."""

    fault: str
    tried: int
    lost: int
    losses: list[str] = field(default_factory=list)


def trials(ending: Ending | None = None) -> Iterator[Trial]:
    """Each kind of fault as it is done; the runs that suffer are made for that, and gone afterwards.

    Raises UserError where the engine can't do it.
    """
    yield escapes()
    nonce = secrets.token_hex(16)
    # The first may reach a run, in its environment alone; the second not even that.
    planted = {"HF_TOKEN": f"hf_{nonce}", "SELF_TEST_API_KEY": f"key_{nonce}"}
    for told in ask("faults", [f"--seed={secrets.randbelow(10**6)}"], ending=ending, planted=planted):
        yield _trial(told)


def _trial(told: dict[str, Any]) -> Trial:
    return Trial(str(told["fault"]), int(told["tried"]), int(told["lost"]), [str(one) for one in told["losses"]])


def escapes(ways: Sequence[Callable[[str], str]] = ()) -> Trial:
    """Whatever could drive a terminal, by each way on which text of the data gets there."""
    ways = ways or (clean, clean_line, _filtered)
    controls = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
    payloads = [*_SEQUENCES, *(f"a{sign}b" for sign in (*controls, *_BIDI))]
    losses = [f"{payload!r} by {way.__name__}" for payload in payloads for way in ways if _escaped(way(payload))]
    return Trial("escape codes in data", len(payloads) * len(ways), len(losses), losses)


def _filtered(text: str) -> str:
    """What the app's filter leaves of it."""
    # The command line needs no full screen for anything else.
    from rich.segment import Segment
    from textual.color import Color

    from .clean_filter import CleanFilter

    return "".join(segment.text for segment in CleanFilter().apply([Segment(text)], Color(0, 0, 0)))


def _escaped(text: str) -> bool:
    """Whether a character is left that a terminal obeys; by Unicode's categories, which `clean` does not use."""
    return any((unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n") or sign in _BIDI for sign in text)
