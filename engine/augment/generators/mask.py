"""The generator `mask`: words taken out, and others put in by an encoder that was trained to guess them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from ....store.augment import AugmentKnobs
from ....store.errors import ModelError
from ...outputs.evaluating import evaluating
from ..chance import draws
from ..editable import Passage
from ..loading import Loaded, Loader
from .generator import Generator, Request, Variant, rewritten

_WORD = re.compile(r"[^\W\d_]{2,}")
# What tokenizers put before a word's first piece: Bert nothing (others begin with ##), byte-level ones and T5 a sign.
_BEFORE_WORDS = ("Ġ", "▁")


def generator(knobs: AugmentKnobs, loader: Loader) -> Generator:
    """Raises ModelError for a model that can't guess words."""
    loaded = loader.load(knobs.generator_model, "AutoModelForMaskedLM", "asked for masked words")
    if loaded.tokenizer.mask_token is None:
        raise ModelError(f"{loaded.name} has no token for a masked word.", "Name an encoder such as Bert.")
    return Mask(knobs, loaded)


class _Masked(NamedTuple):
    """A text with masks, the words that stood there and where, and which passage of its row it is."""

    place: int
    text: str
    words: list[re.Match[str]]


@dataclass(frozen=True)
class Mask:
    """A share of the words of one passage, all guessed at once; words that must stay are not touched."""

    knobs: AugmentKnobs
    loaded: Loaded

    @property
    def rows_at_once(self) -> int:
        return self.knobs.rows_at_once

    def variants(self, requests: Sequence[Request]) -> list[Variant]:
        masked = [self._masked(request) for request in requests]
        guessed = self._guessed([one.text for one in masked], requests, masked)
        return [self._variant(*parts) for parts in zip(requests, masked, guessed, strict=True)]

    def _masked(self, request: Request) -> _Masked:
        random = request.random
        places = range(len(request.source.passages))
        free = [_free_words(passage) for passage in request.source.passages]
        if not any(free):
            return _Masked(0, "", [])
        place = random.choices(places, [len(words) for words in free])[0]
        wanted = max(1, round(self.knobs.edit_share * len(free[place])))
        words = sorted(random.sample(free[place], wanted), key=lambda word: word.start())
        return _Masked(place, _put(request.source.texts[place], words, [self._mask] * len(words)), words)

    @property
    def _mask(self) -> str:
        return str(self.loaded.tokenizer.mask_token)

    def _guessed(self, texts: Sequence[str], requests: Sequence[Request], masked: Sequence[_Masked]) -> list[list[str]]:
        """For each text the words put in at its masks; fewer where it was cut."""
        tokenizer, model = self.loaded.tokenizer, self.loaded.model
        length = self.loaded.longest
        batch = tokenizer(list(texts), padding=True, truncation=True, max_length=length, return_tensors="pt")
        with evaluating(model, self.loaded.arithmetic):
            scores = model(**batch.to(self.loaded.arithmetic.device)).logits.float().cpu()
        is_mask = batch["input_ids"].cpu() == tokenizer.mask_token_id
        return [
            self._drawn(scores[row][is_mask[row]], one.words, request.seed)
            for row, (one, request) in enumerate(zip(masked, requests, strict=True))
        ]

    def _drawn(self, scores: Tensor, words: Sequence[re.Match[str]], seed: int) -> list[str]:
        """A whole word other than the one before for each mask; `scores` is (masks, words of the vocabulary)."""
        if not len(scores):
            return []
        scores = scores.masked_fill(~self._whole_words, -torch.inf)
        for row, word in enumerate(words[: len(scores)]):
            scores[row, self._numbers_of(word[0])] = -torch.inf
        seeds = [seed + row for row in range(len(scores))]
        for process in draws(seeds, self.knobs.temperature, self.knobs.top_p):
            scores = process(None, scores)  # pyright: ignore[reportArgumentType]
        drawn = [self._vocabulary[number] for number in scores.argmax(-1).tolist()]
        return [_in_case_of(word[0], new) for word, new in zip(words, drawn, strict=False)]

    def _variant(self, request: Request, masked: _Masked, words: Sequence[str]) -> Variant:
        if not words:
            return Variant(None, "mask", "no word of it may be changed, or they lie behind what the model reads")
        texts = list(request.source.texts)
        texts[masked.place] = _put(texts[masked.place], masked.words[: len(words)], words)
        return rewritten(request, texts, "mask", tokens=len(words))

    @cached_property
    def _vocabulary(self) -> list[str]:
        """Each token as a word; empty for pieces of words, numbers and signs."""
        tokens = self.loaded.tokenizer.convert_ids_to_tokens(list(range(len(self.loaded.tokenizer))))
        marked = any(token.startswith(_BEFORE_WORDS) for token in tokens if token)
        words = [token[1:] if token.startswith(_BEFORE_WORDS) else "" if marked else token for token in tokens]
        return [word if _WORD.fullmatch(word) else "" for word in words]

    @cached_property
    def _whole_words(self) -> Tensor:
        size = int(self.loaded.model.config.vocab_size)
        return torch.tensor([bool(word) for word in self._vocabulary] + [False] * (size - len(self._vocabulary)))

    def _numbers_of(self, word: str) -> list[int]:
        return self._numbers.get(word.casefold(), [])

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        """By word, whatever its case, its tokens."""
        numbers: dict[str, list[int]] = {}
        for number, word in enumerate(self._vocabulary):
            numbers.setdefault(word.casefold(), []).append(number)
        return numbers


def _free_words(passage: Passage) -> list[re.Match[str]]:
    """The words that touch nothing of what must stay."""
    return [
        word
        for word in _WORD.finditer(passage.text)
        if not any(word.start() < span.end and span.start < word.end() for span in passage.kept)
    ]


def _put(text: str, words: Sequence[re.Match[str]], others: Sequence[str]) -> str:
    """The text with others in place of these words, which come in order."""
    parts, end = list[str](), 0
    for word, other in zip(words, others, strict=True):
        parts += [text[end : word.start()], other]
        end = word.end()
    return "".join([*parts, text[end:]])


def _in_case_of(before: str, word: str) -> str:
    return word.upper() if before.isupper() else word.capitalize() if before[0].isupper() else word
