"""Causal language models: conversations, loss on what the assistant says; or plain text, loss on all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...store.errors import ModelError
from ..data import chat
from ..data.chat import ChatRow
from ..data.columns import read_asked
from ..data.row import Row
from ..encoding.example import IGNORED, Example
from ..report import Report
from .task import Prediction, Task

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PretrainedConfig, PreTrainedTokenizerBase

    from ..encoding.chat_format import ChatFormat
    from ..outputs.generate import Speaker
    from ..outputs.loss import Scored


@dataclass(frozen=True)
class TextRow(Row):
    """Plain text, for continued pre-training."""

    text: str

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.text,)


class CausalLM(Task):
    """Chat, instructions, prompt and completion, or plain text."""

    auto_class = "AutoModelForCausalLM"
    peft_type = "CAUSAL_LM"
    fitting = ("demo:smollm2", "Qwen/Qwen3-0.6B")
    labels_by_place = True
    _chat: ChatFormat | None = None
    _is_plain = False

    def find_columns(self, sample: Sequence[Mapping[str, object]]) -> dict[str, str]:
        """Rows tell by themselves what they are; columns asked for stand for the fields of that name."""
        return read_asked(self.config.columns)

    def row(self, line: int, value: object, columns: Mapping[str, str]) -> Row:
        if columns:
            value = self.fields(value, columns)
        if isinstance(value, dict) and "text" in value and not chat.SHAPE_FIELDS & value.keys():
            return TextRow(line, chat.filled_text_of(value["text"], "text"))
        return ChatRow(line, chat.messages_of(value))

    def shown(self, row: Row) -> dict[str, object]:
        return {"text": self.prompt(row), "target": row.messages[-1].content if isinstance(row, ChatRow) else ""}

    def learn(self, rows: Sequence[Row], report: Report) -> None:
        self._is_plain = all(isinstance(row, TextRow) for row in rows)

    def recall(self, config: PretrainedConfig, targets: Sequence[str]) -> None:
        self._is_plain = bool(targets) and not any(targets)

    # tokens

    def use(self, tokenizer: PreTrainedTokenizerBase, report: Report) -> None:
        from ..encoding.chat_format import give_template

        super().use(tokenizer, report)
        if not self._is_plain and not tokenizer.chat_template:
            give_template(tokenizer, report)

    @property
    def chat(self) -> ChatFormat:
        from ..encoding.chat_format import ChatFormat

        self._chat = self._chat or ChatFormat(self.tokenizer)
        return self._chat

    def encode(self, row: Row) -> Sequence[Example]:
        if isinstance(row, TextRow):
            return self._stretches(row)
        from ..encoding.chat_format import encode

        assert isinstance(row, ChatRow)
        return [encode(row, self.chat, self.config.max_length)]

    def _stretches(self, row: TextRow) -> list[Example]:
        """The text with its end token, in stretches of max_length: nothing is cut off."""
        tokens = list(self.tokenizer(row.text, add_special_tokens=False)["input_ids"])
        if isinstance(self.tokenizer.eos_token_id, int):
            tokens.append(self.tokenizer.eos_token_id)
        length = self.config.max_length
        parts = [tokens[start : start + length] for start in range(0, len(tokens), length)]
        return [Example(part, part, row.line) for part in parts]

    def is_trained(self, example: Example) -> bool:
        # The first token has no token before it that could predict it.
        return any(label != IGNORED for label in example.labels[1:])

    def preflight(self, examples: Sequence[Example]) -> None:
        """The turn's end has to be trained in at least one example, else no answer would ever stop (FAULTS 18)."""
        if self._is_plain:
            return
        if self.chat.turn_end_id is None:
            raise ModelError(
                "The chat template writes no special token after the assistant's turn, so the model can't learn to"
                " stop.",
                "Use a chat template that ends each turn with the tokenizer's end token.",
            )
        if not any(self.chat.turn_end_id in example.labels for example in examples):
            raise ModelError(
                f"No row trains {self.chat.turn_end}, the end of the assistant's turn, so the model can't learn to"
                " stop.",
                "Raise max_length: every answer is cut before its end.",
            )

    def collate(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        from ..encoding import collate

        labels = collate.place_labels(examples)
        # No token before the first one could predict it: a text's would count in the weight and not in the loss.
        labels[:, 0] = IGNORED
        return collate.inputs(examples, collate.pad_id(self.tokenizer)) | {"labels": labels}

    # the model

    def check_model(self, config: PretrainedConfig) -> None:
        from transformers import AutoModelForMaskedLM

        super().check_model(config)
        if type(config) in AutoModelForMaskedLM._model_mapping and not getattr(config, "is_decoder", False):
            raise self.unfit(config, f"{config.model_type} models read in both directions and can't go on with a text")

    def score(self, model: nn.Module, batch: Mapping[str, Tensor]) -> Scored:
        from ..outputs.loss import next_token_scores

        return next_token_scores(model, **batch)

    # evaluation

    def predictions(self, model: nn.Module, scored: Scored, batch: Mapping[str, Tensor]) -> list[Prediction]:
        from ..outputs.loss import right_items

        return right_items(scored, len(batch["input_ids"]))

    def metrics(self, predictions: Sequence[Prediction]) -> dict[str, float]:
        items = sum(prediction["items"] for prediction in predictions)
        return {"token_accuracy": sum(prediction["correct"] for prediction in predictions) / items} if items else {}

    # answers

    def prompt(self, row: Row) -> str:
        """The user's words before the first answer; of plain text, its first words."""
        if isinstance(row, TextRow):
            return " ".join(row.text.split()[:20])
        assert isinstance(row, ChatRow)
        return "\n".join(message.content for message in row.opening if message.role == "user")

    def answers(self, speaker: Speaker, prompts: Sequence[str]) -> list[str]:
        return speaker.go_on([self.prompt_ids(prompt) for prompt in prompts], self.config.max_new_tokens)

    def prompt_ids(self, prompt: str) -> list[int]:
        """What the model reads where it is to answer: a user's turn, or the beginning of a plain text."""
        if not self._is_plain:
            prompt = self.chat.render([chat.Message("user", prompt)], add_generation_prompt=True)
        return list(self.tokenizer(prompt, add_special_tokens=False)["input_ids"])


TASK = CausalLM
