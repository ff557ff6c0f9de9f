"""The generator `endpoint`: a server that speaks OpenAI's chat completions writes the texts (vLLM, Ollama, ...)."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ....store.augment import AugmentKnobs
from ....store.errors import ConfigError, ModelError
from ...report import Report
from ..completions import Answer, Completions, Refused, Unavailable, in_parallel
from ..loading import Loader
from ..prompts import asks, new_text
from .generator import Generator, Request, Variant, rewritten


def generator(knobs: AugmentKnobs, loader: Loader) -> Generator:
    """Raises ConfigError where a key is needed that is not in the environment."""
    key = _key(knobs, loader.session.event)
    server = Completions(knobs.url, knobs.generator_model, key, knobs.timeout_seconds)
    return Endpoint(knobs, server, loader.session.check, loader.session.event)


def _key(knobs: AugmentKnobs, report: Report) -> str:
    """The key; a server of one's own needs none."""
    key = os.environ.get(knobs.key_variable, "").strip()
    if not key:
        report(f"{knobs.key_variable} is not set where the runner was started: {knobs.url} is asked without a key")
    elif not (key.isascii() and key.isprintable()):
        raise ConfigError(f"{knobs.key_variable} holds what can't be a key.", "Set it anew.", field="key_variable")
    return key


@dataclass
class Endpoint:
    """As many requests at once as rows; the server's own count of tokens is what the cost is told from."""

    knobs: AugmentKnobs
    server: Completions
    check: Callable[[], None]
    report: Report
    _has_answered: bool = False
    _has_warned: bool = False

    @property
    def rows_at_once(self) -> int:
        return self.knobs.rows_at_once

    def variants(self, requests: Sequence[Request]) -> list[Variant]:
        asked = [(request, number, prompt) for request in requests for number, prompt in asks(self.knobs, request)]
        calls = [partial(self.server.answer, prompt, self._options(r.seed + number)) for r, number, prompt in asked]
        results = in_parallel(calls, self.rows_at_once, self.check)
        self._look_at(results)
        answers: dict[int, dict[int, Any]] = {request.number: {} for request in requests}
        for (request, number, _), result in zip(asked, results, strict=True):
            answers[request.number][number] = result
        return [self._variant(request, answers[request.number]) for request in requests]

    def _options(self, seed: int) -> dict[str, Any]:
        return {
            "temperature": self.knobs.temperature,
            "top_p": self.knobs.top_p,
            "max_tokens": self.knobs.max_new_tokens,
            # Some servers keep it in 32 bits.
            "seed": seed % 2**31,
        }

    def _look_at(self, results: Sequence[object]) -> None:
        """End where no other request would be answered: then this batch is made again when the run goes on.

        Raises:
            UserError: with what the server said.
        """
        for error in results:
            if isinstance(error, Exception) and not isinstance(error, Refused | Unavailable):
                raise error
        answered = [result for result in results if isinstance(result, Answer)]
        self._has_answered |= bool(answered)
        faults = [error for error in results if isinstance(error, Unavailable)]
        if not answered and (faults or not self._has_answered):
            fault = faults[0] if faults else results[0]
            told = str(fault).rstrip(".")
            raise ModelError(f"{self.server.url}: {told}.", "What is made is kept; resume the run when it answers.")
        if any(answer.written_tokens is None for answer in answered) and not self._has_warned:
            self._has_warned = True
            self.report(f"{self.server.url} does not say how many tokens it used: the cost told is too low")

    def _variant(self, request: Request, answers: dict[int, Any]) -> Variant:
        how = "endpoint:prompt" if self.knobs.prompt else f"endpoint:{self.knobs.style}"
        texts, had = list(request.source.texts), [one for one in answers.values() if isinstance(one, Answer)]
        tokens, cost = sum(one.written_tokens or 0 for one in had), sum(map(self._cost, had))
        for number, result in answers.items():
            if not isinstance(result, Answer):
                return Variant(None, how, f"the server did not answer: {result}", tokens, cost)
            texts[number] = new_text(result.text, of_list=self.knobs.style == "like-label")
        return rewritten(request, texts, how, tokens=tokens, cost=cost)

    def _cost(self, answer: Answer) -> float:
        """US dollars."""
        read, written = answer.read_tokens or 0, answer.written_tokens or 0
        return (read * self.knobs.input_price + written * self.knobs.output_price) / 1e6
