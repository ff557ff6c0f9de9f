"""The generator `back-translation`: one model translates a text, another one translates it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from ....store.augment import AugmentKnobs
from ..loading import Loader
from ..writing import Writer
from .generator import Generator, Request, Variant, rewritten


def generator(knobs: AugmentKnobs, loader: Loader) -> Generator:
    """Raises ModelError for a model that is no encoder-decoder."""
    there, back = (
        Writer(loader.load(name, "AutoModelForSeq2SeqLM", "asked for translations"), knobs, loader.session)
        for name in (knobs.generator_model, knobs.back_model)
    )
    return BackTranslation(knobs, there, back)


@dataclass(frozen=True)
class BackTranslation:
    """The way there is drawn by chance, so that variants differ; the way back is the likeliest."""

    knobs: AugmentKnobs
    there: Writer
    back: Writer

    @property
    def rows_at_once(self) -> int:
        return self.knobs.rows_at_once

    def variants(self, requests: Sequence[Request]) -> list[Variant]:
        places = [(request, number) for request in requests for number in request.source.free]
        texts = [request.source.texts[number] for request, number in places]
        seeds = [request.seed + number for request, number in places]
        foreign = self.there.translations(texts, self.knobs.there_prefix, seeds)
        returned = self.back.translations(foreign, self.knobs.back_prefix, None)
        new = {request.number: list(request.source.texts) for request in requests}
        tokens = dict.fromkeys(new, 0)
        for (request, number), between, text in zip(places, foreign, returned, strict=True):
            new[request.number][number] = text
            tokens[request.number] += self.there.tokens_of(between) + self.back.tokens_of(text)
        how = "back-translation"
        return [rewritten(request, new[request.number], how, tokens=tokens[request.number]) for request in requests]
