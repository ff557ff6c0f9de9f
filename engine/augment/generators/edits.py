"""The generator `edits`: small changes by rule, such as typing makes; no model, 10,000 rows a second."""

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from random import Random
from typing import Self

from ....store.augment import AugmentKnobs
from ....store.errors import ConfigError
from ..editable import Passage
from ..loading import Loader
from ..spans import between
from .generator import Generator, Request, Variant, rewritten

Words = list[str]
Rule = Callable[[Words, Random], bool]

# What lies beside each letter on a keyboard: typing hits these by mistake.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, letter in enumerate(row)}


def _swap(words: Words, random: Random) -> bool:
    """Two neighbours change places."""
    places = [place for place in range(len(words) - 1) if words[place] != words[place + 1]]
    if not places:
        return False
    place = random.choice(places)
    words[place], words[place + 1] = words[place + 1], words[place]
    return True


def _delete(words: Words, random: Random) -> bool:
    """A word is left out; the last one stays."""
    if len(words) < 2:
        return False
    del words[random.randrange(len(words))]
    return True


def _typo(words: Words, random: Random) -> bool:
    """A letter within a word is doubled, left out, mistaken for its neighbour's key, or swapped with the next one."""
    places = [place for place, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not places:
        return False
    place = random.choice(places)
    words[place] = _mistyped(words[place], random)
    return True


def _mistyped(word: str, random: Random) -> str:
    at = random.randrange(1, len(word) - 1)
    before, letter, behind = word[:at], word[at], word[at + 1 :]
    beside = _BESIDE.get(letter.lower(), string.ascii_lowercase)
    made = [f"{before}{letter * 2}{behind}", f"{before}{behind}", f"{before}{random.choice(beside)}{behind}"]
    if letter != behind[0]:
        made.append(f"{before}{behind[0]}{letter}{behind[1:]}")
    return random.choice(made)


def _case(words: Words, random: Random) -> bool:
    """A word in capitals or without, and a typo: rows that differ in case only count as the same."""
    places = [place for place, word in enumerate(words) if word.isalpha()]
    if not places or not _typo(words, random):
        return False
    place = random.choice(places)
    words[place] = words[place].lower() if not words[place].islower() else words[place].upper()
    return True


RULES: Mapping[str, Rule] = {"swap": _swap, "delete": _delete, "typo": _typo, "case": _case}


def generator(knobs: AugmentKnobs, loader: Loader) -> Generator:
    """Raises ConfigError for a rule that there is not."""
    names = knobs.edits.replace(",", " ").split()
    strange = next((name for name in names if name not in RULES), None)
    if strange or not names:
        raise ConfigError(
            f"edits is {strange or 'empty'}: expected some of {', '.join(RULES)}.",
            "Such as swap delete.",
            field="edits",
        )
    return Edits(names, knobs.edit_share)


@dataclass(frozen=True)
class Edits:
    """One rule a row, drawn by chance, at a share of its words; what must stay is not touched."""

    names: Sequence[str]
    share: float
    rows_at_once: int = 100

    def variants(self, requests: Sequence[Request]) -> list[Variant]:
        return [self._variant(request) for request in requests]

    def _variant(self, request: Request) -> Variant:
        random = request.random
        name = random.choice(self.names)
        texts = list(request.source.texts)
        place = random.choices(range(len(texts)), [len(text) for text in texts])[0]
        texts[place], edits = self._edited(request.source.passages[place], RULES[name], random)
        if not edits:
            return Variant(None, f"edits:{name}", f"there is nothing to {name} in it")
        return rewritten(request, texts, f"edits:{name}")

    def _edited(self, passage: Passage, rule: Rule, random: Random) -> tuple[str, int]:
        """The new text, and how many edits were made between what must stay."""
        stretches = [_Stretch.of(passage.text[span.start : span.end]) for span in between(passage.text, passage.kept)]
        wanted = max(1, round(self.share * sum(len(stretch.words) for stretch in stretches)))
        edits = sum(
            any(rule(stretch.words, random) for stretch in _by_chance(stretches, random)) for _ in range(wanted)
        )
        kept = [passage.text[span.start : span.end] for span in passage.kept] + [""]
        return "".join(stretch.text + part for stretch, part in zip(stretches, kept, strict=True)), edits


@dataclass(frozen=True)
class _Stretch:
    """Words between what must stay, and the white space around them."""

    before: str
    words: Words
    behind: str

    @classmethod
    def of(cls, text: str) -> Self:
        inner = text.strip()
        start = text.index(inner)
        return cls(text[:start], inner.split(" ") if inner else [], text[start + len(inner) :])

    @property
    def text(self) -> str:
        return self.before + " ".join(self.words) + self.behind


def _by_chance(stretches: Sequence[_Stretch], random: Random) -> list[_Stretch]:
    """Those with words, long ones likelier first (Efraimidis and Spirakis 2006)."""
    filled = [(random.random() ** (1 / len(stretch.words)), stretch) for stretch in stretches if stretch.words]
    return [stretch for _, stretch in sorted(filled, key=itemgetter(0), reverse=True)]
