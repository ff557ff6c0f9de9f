"""Extractive question answering: where in a context the answer to a question stands, if it does."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ...store.errors import DataError
from ..data import roles
from ..data.answers import Answer, answers_of
from ..data.chat import filled_text_of
from ..data.columns import called
from ..data.row import Row
from ..encoding.example import Example
from ..metrics.squad import match, squad_metrics
from ..report import Report
from .offsets import need_offsets
from .task import Prediction, Task, inputs_of
from .windows import Window, best_span, label_of

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import BatchEncoding, PretrainedConfig, PreTrainedTokenizerBase

    from ..outputs.generate import Speaker
    from ..outputs.loss import ItemLosses, Scored

NO_ANSWER = "(no answer)"


@dataclass(frozen=True)
class QuestionRow(Row):
    """A question on a context, and its answers; none where the context has none."""

    asked: str
    context: str
    answers: tuple[Answer, ...]

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.asked, self.context, *(answer.text for answer in self.answers))

    @property
    def question(self) -> tuple[str, ...]:
        """The context: it holds the answers to all questions on it."""
        return (self.context,)


class Found(NamedTuple):
    """The answer found and its first character in the context, how high the best span scores, and how high it does that
    there is none."""

    text: str
    start: int
    score: float
    null_score: float


class QuestionAnswering(Task):
    """A long context is read in windows; a window without the answer points at its first token, [CLS] in Bert."""

    auto_class = "AutoModelForQuestionAnswering"
    peft_type = "QUESTION_ANS"
    fitting = ("demo:minilm", "distilbert/distilbert-base-uncased")
    roles = roles.QUESTION_ANSWERING
    headline = "f1"

    _may_be_none = False

    # rows

    def row(self, line: int, value: object, columns: Mapping[str, str]) -> QuestionRow:
        found, names = self.fields(value, columns), called(columns)
        asked, context = (filled_text_of(found[role], names[role]) for role in ("question", "context"))
        impossible = isinstance(value, dict) and value.get("is_impossible") is True
        answers = [] if impossible else answers_of(found["answers"], context, names["answers"])
        return QuestionRow(line, asked, context, tuple(answers))

    def learn(self, rows: Sequence[Row], report: Report) -> None:
        """Whether there may be no answer: a model that never saw such a row always gives one."""
        without = sum(isinstance(row, QuestionRow) and not row.answers for row in rows)
        self._may_be_none = without > 0
        if without:
            report(f"{without:,} of {len(rows):,} questions to train on have no answer in their context")

    def recall(self, config: PretrainedConfig, targets: Sequence[str]) -> None:
        self._may_be_none = NO_ANSWER in targets

    def shown(self, row: Row) -> dict[str, object]:
        assert isinstance(row, QuestionRow)
        return {"text": self.prompt(row), "target": row.answers[0].text if row.answers else NO_ANSWER}

    # tokens

    def use(self, tokenizer: PreTrainedTokenizerBase, report: Report) -> None:
        need_offsets(tokenizer, self.config.model)
        super().use(tokenizer, report)

    def encode(self, row: Row) -> Sequence[Example]:
        """The question with each window of the context; windows share doc_stride tokens, half of one at most."""
        assert isinstance(row, QuestionRow)
        special = self.tokenizer.num_special_tokens_to_add(pair=True)
        asked, tokens = self._short(row.asked, (self.config.max_length - special) // 2)
        encoding = self.tokenizer(
            asked,
            row.context,
            truncation="only_second",
            max_length=self.config.max_length,
            stride=min(self.config.doc_stride, (self.config.max_length - special - tokens) // 2),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        cut = asked != row.asked
        return [self._example(row, encoding, part, cut) for part in range(len(encoding["input_ids"]))]

    def _short(self, asked: str, limit: int) -> tuple[str, int]:
        """The question, cut where it would leave less than half of a window to the context, and how many tokens."""
        tokens = self.tokenizer(
            asked, add_special_tokens=False, truncation=True, max_length=limit, return_offsets_mapping=True
        )
        cut = any(part.overflowing for part in tokens.encodings or [])
        return asked[: tokens["offset_mapping"][-1][1]] if cut else asked, len(tokens["input_ids"])

    def _example(self, row: QuestionRow, encoding: BatchEncoding, part: int, cut: bool) -> Example:
        input_ids = encoding["input_ids"][part]
        offsets = [
            offset if sequence == 1 else (-1, -1)
            for offset, sequence in zip(encoding["offset_mapping"][part], encoding.sequence_ids(part), strict=True)
        ]
        starts, ends = (array("i", characters) for characters in zip(*offsets, strict=True))
        cls = self.tokenizer.cls_token_id
        window = Window(row.context, row.answers, starts, ends, input_ids.index(cls) if cls in input_ids else 0)
        return Example(
            input_ids=input_ids,
            labels=label_of(window),
            line=row.line,
            truncated=cut,
            more={"token_type_ids": encoding["token_type_ids"][part]} if "token_type_ids" in encoding else {},
            notes=window,
        )

    def numbers_of(self, notes: Window) -> dict[str, Any]:
        return {"starts": notes.starts.tolist(), "ends": notes.ends.tolist(), "null": notes.null}

    def notes_again(self, row: Row, numbers: Mapping[str, Any]) -> Window:
        assert isinstance(row, QuestionRow)
        starts, ends = (array("i", numbers[name]) for name in ("starts", "ends"))
        return Window(row.context, row.answers, starts, ends, numbers["null"])

    def preflight(self, examples: Sequence[Example]) -> None:
        if all(example.labels == [example.notes.null] * 2 for example in examples):
            raise DataError("No question to train on has an answer.", "Add rows that have one.")

    def as_trained(self, example: Example) -> str:
        """With the answer in brackets, or what stands for having none."""
        start, end = example.labels
        return self.bracketed(example.input_ids, [start <= place <= end for place in range(len(example.input_ids))])

    def collate(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        import torch

        from ..encoding import collate

        inputs = collate.inputs(examples, collate.pad_id(self.tokenizer))
        return inputs | {"labels": torch.tensor([example.labels for example in examples])}

    # the model

    def model_options(self) -> dict[str, Any]:
        # A head for start and end, whatever number of labels the weights were trained for.
        return {"num_labels": 2}

    def score(self, model: nn.Module, batch: Mapping[str, Tensor]) -> Scored:
        """Two items a window, its start and its end; the classes are the places, those of the padding left out."""
        import torch

        from ..outputs.loss import Scored

        output = model(**inputs_of(batch))
        scores = torch.stack([output.start_logits, output.end_logits], dim=1).float()
        scores = scores.masked_fill(batch["attention_mask"][:, None] == 0, -math.inf)
        rows = torch.arange(len(scores), device=scores.device).repeat_interleave(2)
        return Scored(scores.flatten(0, 1), batch["labels"].flatten(), rows)

    def losses(self, scored: Scored, *, label_smoothing_factor: float = 0.0) -> ItemLosses:
        """Smoothed over the places that are no padding."""
        found = super().losses(scored)
        if not label_smoothing_factor:
            return found
        is_place = scored.scores != -math.inf
        spread = -scored.scores.log_softmax(-1).where(is_place, 0.0).sum(-1) / is_place.sum(-1)
        return found._replace(losses=found.losses.lerp(spread, label_smoothing_factor))

    # evaluation

    def predictions(self, model: nn.Module, scored: Scored, batch: Mapping[str, Tensor]) -> list[Prediction]:
        return [{"scores": scores} for scores in scored.scores.unflatten(0, (-1, 2)).cpu()]

    def joined(self, examples: Sequence[Example], predictions: list[Prediction]) -> list[Prediction]:
        """The best answer of all windows of a row."""
        windows: dict[int, list[tuple[Window, Prediction]]] = defaultdict(list)
        for example, prediction in zip(examples, predictions, strict=True):
            windows[example.line].append((example.notes, prediction))
        return [self._of_row(line, parts) for line, parts in windows.items()]

    def _of_row(self, line: int, windows: Sequence[tuple[Window, Prediction]]) -> Prediction:
        weight = math.fsum(prediction["weight"] for _, prediction in windows)
        loss = math.fsum(prediction["loss"] * prediction["weight"] for _, prediction in windows) / weight
        found = self._found([(window, prediction["scores"]) for window, prediction in windows])
        answers = [answer.text for answer in windows[0][0].answers]
        return {
            "row": line,
            "loss": loss,
            "weight": weight,
            "predicted": found.text,
            "answers": answers,
            "score": found.score,
            "null_score": found.null_score,
        } | match(found.text, answers)._asdict()

    def _found(self, windows: Sequence[tuple[Window, Tensor]]) -> Found:
        """The best span of all windows, or none where that scores higher in each of them.

        As in section 4.3 of Devlin et al. 2018, arXiv:1810.04805, with the threshold 0.
        """
        spans = [best_span(window, scores, self.config.max_answer_length) for window, scores in windows]
        best = max(spans, key=lambda span: span.score)
        null_score = min(float(scores[:, window.null].sum()) for window, scores in windows)
        is_none = self._may_be_none and null_score > best.score
        return Found("" if is_none else best.text, best.start, best.score, null_score)

    def metrics(self, predictions: Sequence[Prediction]) -> dict[str, float]:
        answers = [prediction["answers"] for prediction in predictions]
        return squad_metrics([prediction["predicted"] for prediction in predictions], answers)

    # answers

    def prompt(self, row: Row) -> str:
        """The question, a line break, the context."""
        assert isinstance(row, QuestionRow)
        return f"{' '.join(row.asked.split())}\n{row.context}"

    def answers(self, speaker: Speaker, prompts: Sequence[str]) -> list[str]:
        return [self._answer(speaker, *prompt.partition("\n")[::2]) for prompt in prompts]

    def _answer(self, speaker: Speaker, asked: str, context: str) -> str:
        if not context.strip():
            return "(no context: write the question, a line break, and the text that has the answer)"
        return self.found(speaker, asked, context).text or NO_ANSWER

    def found(self, speaker: Speaker, asked: str, context: str) -> Found:
        """What the model finds in a context that is not empty."""
        examples = self.encode(QuestionRow(0, asked, context, ()))
        # A context of a hundred pages has more windows than fit into one batch.
        size = self.config.per_device_eval_batch_size
        windows: list[tuple[Window, Tensor]] = []
        for start in range(0, len(examples), size):
            part = examples[start : start + size]
            batch = speaker.here(self.collate(part))
            told = self.predictions(speaker.model, self.score(speaker.model, batch), batch)
            windows += [(example.notes, found["scores"]) for example, found in zip(part, told, strict=True)]
        return self._found(windows)


TASK = QuestionAnswering
