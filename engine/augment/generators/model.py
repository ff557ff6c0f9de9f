"""The generator `model`: a causal model of the user's writes texts anew, or others like those of the same label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ....store.augment import AugmentKnobs
from ..loading import Loader
from ..prompts import asks, new_text
from ..writing import Writer
from .generator import Generator, Request, Variant, rewritten


def generator(knobs: AugmentKnobs, loader: Loader) -> Generator:
    """Raises ModelError for a model that does not write."""
    loaded = loader.load(knobs.generator_model, "AutoModelForCausalLM", "asked for texts")
    return Model(knobs, Writer(loaded, knobs, loader.session))


@dataclass(frozen=True)
class Model:
    """Every passage in which nothing must stay is asked for by a prompt of its own."""

    knobs: AugmentKnobs
    writer: Writer

    @property
    def rows_at_once(self) -> int:
        return self.knobs.rows_at_once

    def variants(self, requests: Sequence[Request]) -> list[Variant]:
        asked = [(request, number, prompt) for request in requests for number, prompt in asks(self.knobs, request)]
        seeds = [request.seed + number for request, number, _ in asked]
        answers = self.writer.answers([prompt for _, _, prompt in asked], seeds)
        found: dict[int, dict[int, str | None]] = {request.number: {} for request in requests}
        for (request, number, _), answer in zip(asked, answers, strict=True):
            found[request.number][number] = answer
        return [self._variant(request, found[request.number]) for request in requests]

    def _variant(self, request: Request, answers: Mapping[int, str | None]) -> Variant:
        how = "model:prompt" if self.knobs.prompt else f"model:{self.knobs.style}"
        told = {number: answer for number, answer in answers.items() if answer is not None}
        if len(told) < len(answers):
            return Variant(None, how, "its prompt and max_new_tokens are longer than the model reads")
        tokens = sum(self.writer.tokens_of(answer) for answer in told.values())
        texts = list(request.source.texts)
        for number, answer in told.items():
            texts[number] = new_text(answer, of_list=self.knobs.style == "like-label")
        return rewritten(request, texts, how, tokens=tokens)
