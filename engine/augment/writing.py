"""Models that write, asked for many texts at once, each drawn by the seed of its own row."""

from collections.abc import Sequence
from dataclasses import dataclass

from transformers import LogitsProcessorList

from ...store.augment import AugmentKnobs
from ..outputs.evaluating import evaluating
from ..outputs.generate import Speaker
from ..session import Session
from .chance import draws
from .loading import Loaded


@dataclass(frozen=True)
class Writer:
    """A loaded model, how freely it writes, and who may stop it."""

    loaded: Loaded
    knobs: AugmentKnobs
    session: Session

    def answers(self, prompts: Sequence[str], seeds: Sequence[int]) -> list[str | None]:
        """What a decoder says to each prompt: as an assistant where it has a chat template, else going on with it.

        None where the prompt and an answer are longer than the model reads. Raises StopRequested.
        """
        rows = [self._prompt_ids(prompt) for prompt in prompts]
        fitting = [place for place, ids in enumerate(rows) if self._fits(ids)]
        found: list[str | None] = [None] * len(rows)
        if fitting:
            said = self._said([rows[place] for place in fitting], [seeds[place] for place in fitting])
            for place, answer in zip(fitting, said, strict=True):
                found[place] = answer
        return found

    def _said(self, rows: Sequence[list[int]], seeds: Sequence[int]) -> list[str]:
        with evaluating(self.loaded.model, self.loaded.arithmetic):
            return self._speaker.go_on(rows, self.knobs.max_new_tokens, logits_processor=self._draws(seeds))

    def _prompt_ids(self, prompt: str) -> list[int]:
        tokenizer = self.loaded.tokenizer
        if not tokenizer.chat_template:
            return list(tokenizer(prompt)["input_ids"])  # pyright: ignore[reportArgumentType]
        turns = [{"role": "user", "content": prompt}]
        text = str(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])  # pyright: ignore[reportArgumentType]

    def _fits(self, ids: Sequence[int]) -> bool:
        places = getattr(self.loaded.model.config, "max_position_embeddings", None)
        return not isinstance(places, int) or len(ids) + self.knobs.max_new_tokens <= places

    def translations(self, texts: Sequence[str], prefix: str, seeds: Sequence[int] | None) -> list[str]:
        """What an encoder-decoder makes of each text; the likeliest without seeds. Raises StopRequested."""
        tokenizer, model = self.loaded.tokenizer, self.loaded.model
        sources = [f"{prefix} {text}".strip() for text in texts]
        length = self.loaded.longest
        batch = tokenizer(sources, padding=True, truncation=True, max_length=length, return_tensors="pt")
        inputs = {name: batch[name] for name in ("input_ids", "attention_mask")}
        options = {"logits_processor": self._draws(seeds)} if seeds else {}
        with evaluating(model, self.loaded.arithmetic):
            output = self._speaker.generate(self._speaker.here(inputs), self.knobs.max_new_tokens, **options)  # pyright: ignore[reportArgumentType]
        return self._speaker.texts(output)

    def tokens_of(self, text: str) -> int:
        """How many tokens a text that it wrote has."""
        return len(self.loaded.tokenizer(text, add_special_tokens=False)["input_ids"])  # pyright: ignore[reportArgumentType]

    @property
    def _speaker(self) -> Speaker:
        return Speaker(self.loaded.model, self.loaded.tokenizer, self.loaded.arithmetic, self.session)

    def _draws(self, seeds: Sequence[int]) -> LogitsProcessorList:
        return draws(seeds, self.knobs.temperature, self.knobs.top_p)
