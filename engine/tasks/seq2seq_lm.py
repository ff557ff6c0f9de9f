"""Sequence to sequence: a source is rewritten as its target, by models with an encoder and a decoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...store.errors import ModelError
from ..data import roles
from ..data.chat import filled_text_of
from ..data.columns import called
from ..data.row import Row
from ..encoding.example import IGNORED, Example
from .task import Prediction, Task, inputs_of

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PretrainedConfig

    from ...store.config import RunConfig
    from ..outputs.generate import Speaker
    from ..outputs.loss import Scored


@dataclass(frozen=True)
class PairRow(Row):
    """A text, and what is to be made of it."""

    source: str
    target: str

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.source, self.target)

    @property
    def question(self) -> tuple[str, ...]:
        return (self.source,)


class Seq2SeqLM(Task):
    """Summaries, translations, rewriting: the encoder reads the source, every token of the target is trained."""

    auto_class = "AutoModelForSeq2SeqLM"
    peft_type = "SEQ_2_SEQ_LM"
    fitting = ("google-t5/t5-small", "facebook/bart-base")
    roles = roles.SEQ2SEQ
    length_knobs = ("max_length", "max_target_length")

    def __init__(self, config: RunConfig) -> None:
        super().__init__(config)
        # Of the metrics of written text the one that serves every script.
        self.headline = "chrf" if config.predict_with_generate else "loss"

    # rows

    def row(self, line: int, value: object, columns: Mapping[str, str]) -> PairRow:
        found, names = self.fields(value, columns), called(columns)
        source, target = (filled_text_of(found[role], names[role]) for role in ("source", "target"))
        return PairRow(line, source, target)

    def shown(self, row: Row) -> dict[str, object]:
        assert isinstance(row, PairRow)
        return {"text": row.source, "target": row.target}

    # tokens

    def encode(self, row: Row) -> Sequence[Example]:
        assert isinstance(row, PairRow)
        source, is_cut = self._source(row.source)
        target = self._target(row.target)
        labels = target[: self.config.max_target_length]
        return [Example(source, labels, row.line, is_cut or len(labels) < len(target), notes=row.target)]

    def notes_again(self, row: Row, numbers: Mapping[str, Any]) -> str:
        assert isinstance(row, PairRow)
        return row.target

    def tokens(self, example: Example) -> int:
        return len(example.input_ids) + len(example.labels)

    def _source(self, text: str) -> tuple[list[int], bool]:
        """The prefix and the text, cut at max_length, where the end token stays; and whether it was cut."""
        length = self.config.max_length
        text = f"{self.config.source_prefix} {text}".lstrip()
        whole = self.tokenizer(text, truncation=True, max_length=length + 1)["input_ids"]
        if len(whole) <= length:
            return whole, False
        return self.tokenizer(text, truncation=True, max_length=length)["input_ids"], True

    def _target(self, text: str) -> list[int]:
        """The whole text with its end token: one that is cut later must not teach the model to end there."""
        tokens = list(self.tokenizer(text_target=text, verbose=False)["input_ids"])
        end = self.tokenizer.eos_token_id
        # Some tokenizers, made for decoders, add none.
        return [*tokens, end] if isinstance(end, int) and end not in tokens else tokens

    def preflight(self, examples: Sequence[Example]) -> None:
        """The end has to be trained in at least one example, else no text would ever stop (FAULTS 18)."""
        end = self.tokenizer.eos_token_id
        if not isinstance(end, int):
            raise ModelError(
                f"The tokenizer of {self.config.model} has no end token, so the model can't learn to stop.",
                f"Choose another model, such as {' or '.join(self.fitting)}.",
            )
        if not any(end in example.labels for example in examples):
            raise ModelError(
                f"No row trains {self.tokenizer.eos_token}, the end of the target, so the model can't learn to stop.",
                "Raise max_target_length: every target is cut before its end.",
            )

    def as_trained(self, example: Example) -> str:
        return f"{self.tokenizer.decode(example.input_ids)} [{self.tokenizer.decode(example.labels)}]"

    def collate(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        from ..encoding import collate

        inputs = collate.inputs(examples, collate.pad_id(self.tokenizer))
        return inputs | {"labels": collate.place_labels(examples)}

    # the model

    def check_model(self, config: PretrainedConfig) -> None:
        from transformers import AutoModelForMaskedLM

        if not config.is_encoder_decoder:
            reads_only = type(config) in AutoModelForMaskedLM._model_mapping
            has = "an encoder and no decoder" if reads_only else "a decoder and no encoder"
            raise self.unfit(config, f"{config.model_type} models have {has}")
        super().check_model(config)

    def score(self, model: nn.Module, batch: Mapping[str, Tensor]) -> Scored:
        from ..outputs.loss import trained_scores

        labels = batch["labels"]
        logits = model(**inputs_of(batch), decoder_input_ids=_shifted(model, labels), use_cache=False).logits
        return trained_scores(logits, labels)

    # evaluation

    def predictions(self, model: nn.Module, scored: Scored, batch: Mapping[str, Tensor]) -> list[Prediction]:
        from ..outputs.loss import right_items

        told: list[Prediction] = [*right_items(scored, len(batch["input_ids"]))]
        if not self.config.predict_with_generate:
            return told
        output = model.generate(  # pyright: ignore[reportCallIssue]
            **inputs_of(batch),
            max_new_tokens=self.config.max_target_length,
            num_beams=self.config.generation_num_beams,
            do_sample=False,
        )
        texts = self.tokenizer.batch_decode(output, skip_special_tokens=True)
        return [prediction | {"predicted": text.strip()} for prediction, text in zip(told, texts, strict=True)]

    def joined(self, examples: Sequence[Example], predictions: list[Prediction]) -> list[Prediction]:
        """With the whole target beside what was written, and the scores that mean something for one text."""
        if not self.config.predict_with_generate:
            return predictions
        from ..metrics import generation

        return [
            prediction | {"target": example.notes} | generation.row(prediction["predicted"], example.notes)
            for example, prediction in zip(examples, predictions, strict=True)
        ]

    def metrics(self, predictions: Sequence[Prediction]) -> dict[str, float]:
        from ..metrics.generation import generation_metrics

        items, correct = (sum(prediction[name] for prediction in predictions) for name in ("items", "correct"))
        accuracy = {"token_accuracy": correct / items}
        if not self.config.predict_with_generate:
            return accuracy
        told, targets = ([prediction[name] for prediction in predictions] for name in ("predicted", "target"))
        return accuracy | generation_metrics(told, targets)

    # answers

    def prompt(self, row: Row) -> str:
        assert isinstance(row, PairRow)
        return row.source

    def answers(self, speaker: Speaker, prompts: Sequence[str]) -> list[str]:
        from ..encoding import collate

        examples = [Example(self._source(prompt)[0], [], 0) for prompt in prompts]
        inputs = speaker.here(collate.inputs(examples, collate.pad_id(self.tokenizer)))
        output = speaker.generate(inputs, self.config.max_new_tokens, self.config.generation_num_beams)
        return speaker.texts(output)


TASK = Seq2SeqLM


def _shifted(model: Any, labels: Tensor) -> Tensor:
    """What the decoder reads to predict the labels: its start token, then all of them but the last.

    Given labels, models would make it themselves, and with it a second loss.
    """
    if hasattr(model, "prepare_decoder_input_ids_from_labels"):
        # A copy, as FSMT overwrites what it is given; it and mBART start with the target's last token.
        return model.prepare_decoder_input_ids_from_labels(labels.clone())
    # Blenderbot, M2M100 and NLLB-MoE have it only inside of their forward pass.
    shifted = labels.roll(1, dims=1)
    shifted[:, 0] = model.config.decoder_start_token_id
    return shifted.masked_fill(shifted == IGNORED, model.config.pad_token_id)
