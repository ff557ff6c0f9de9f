"""Answers of models that read: the probabilities of labels, the entities of a text, the answer in a context."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...store.errors import DataError
from ..data.chat import filled_text_of, text_of
from ..encoding.example import Example
from ..metrics.entities import spans
from ..outputs.generate import Listener, Speaker
from ..outputs.loss import Scored
from ..tasks.question_answering import NO_ANSWER, QuestionAnswering
from ..tasks.sequence_classification import LabelledRow, SequenceClassification
from ..tasks.task import Prediction, Task
from ..tasks.token_classification import TaggedRow, TokenClassification
from .players import Player
from .request import Request

_WORD = re.compile(r"\S+")


def classified(request: Request, task: SequenceClassification, player: Player) -> dict[str, object]:
    """`probabilities` by label, as `text` the likeliest; of a number the `value`. Raises RowFault."""
    fields = request.fields
    text = filled_text_of(fields.get("text", fields.get("prompt")), "text")
    pair = text_of(fields["text_pair"], "text_pair") if fields.get("text_pair") else None
    is_number = task.problem_type == "regression"
    # What it is labelled with is not looked at; without a label no row can be encoded.
    row = LabelledRow(0, text, pair, ("0" if is_number else task.names[0],))
    told = _told(task, player, task.encode(row))[1][0]
    if is_number:
        return {"text": f"{told['predicted']:.3g}", "value": told["predicted"]}
    likely = told["probabilities"]
    return {"text": task.likeliest(likely), "probabilities": dict(zip(task.names, likely, strict=True))}


def extracted(request: Request, task: TokenClassification, player: Player) -> dict[str, object]:
    """`entities` by the characters of the text `of` which they are, with the mean probability of their words' tags.

    Where tags mark no entities, each word is one. Raises RowFault.
    """
    text = _words_of(request.fields)
    words = list(_WORD.finditer(text))
    row = TaggedRow(0, tuple(word[0] for word in words), (task.names[0],) * len(words))
    examples = task.encode(row)
    scored, predictions = _told(task, player, examples)
    tags = task.joined(examples, predictions)[0]["predicted"]
    sure = dict(zip(examples[0].notes.words, scored.scores.softmax(-1).amax(-1).tolist(), strict=True))
    found = [
        {
            "start": words[span.start].start(),
            "end": words[span.end - 1].end(),
            "type": span.type,
            "score": _mean([sure[word] for word in range(span.start, span.end)]),
        }
        for span in spans(task.as_bio(tags))
    ]
    return {"text": task.spoken(row.tokens, tags), "entities": found, "of": text}


def answered(request: Request, task: QuestionAnswering, player: Player, listener: Listener) -> dict[str, object]:
    """`answer` and where it stands in the context `of` the question; empty for none. Raises RowFault, DataError."""
    fields = request.fields
    asked, context = fields.get("question"), fields.get("context")
    if "prompt" in fields:
        asked, _, context = text_of(fields["prompt"], "prompt").partition("\n")
    asked = " ".join(filled_text_of(asked, "question").split())
    if not isinstance(context, str) or not context.strip():
        raise DataError("There is no context.", "Write the question, a line break, and the text that has the answer.")
    with player.asked() as model:
        found = task.found(Speaker(model, task.tokenizer, player.arithmetic, listener), asked, context)
    return {
        "text": found.text or NO_ANSWER,
        "answer": found.text,
        "start": found.start if found.text else None,
        "end": found.start + len(found.text) if found.text else None,
        "score": found.score,
        "null_score": found.null_score,
        "of": context,
    }


def _told(task: Task, player: Player, examples: Sequence[Example]) -> tuple[Scored, list[Prediction]]:
    with player.asked() as model:
        batch = {name: tensor.to(player.arithmetic.device) for name, tensor in task.collate(examples).items()}
        scored = task.score(model, batch)
        return scored, task.predictions(model, scored, batch)


def _words_of(fields: Mapping[str, Any]) -> str:
    tokens = fields.get("tokens")
    if isinstance(tokens, list):
        return " ".join(filled_text_of(token, f"tokens[{place}]") for place, token in enumerate(tokens))
    return filled_text_of(fields.get("text", fields.get("prompt")), "text")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
