"""Answers of models that write: a decoder that goes on with a talk or a text, and one that rewrites a source."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ...store.errors import DataError
from ..augment.chance import draws
from ..data import chat
from ..data.chat import ROLES, Message, filled_text_of
from ..encoding import collate
from ..encoding.example import Example
from ..outputs.generate import Listener, Speaker
from ..tasks.causal_lm import CausalLM
from ..tasks.seq2seq_lm import PairRow, Seq2SeqLM
from .pieces import Pieces
from .players import Player
from .request import Request

Say = Callable[[str], None]


def written(
    request: Request, task: CausalLM | Seq2SeqLM, player: Player, listener: Listener, say: Say
) -> dict[str, object]:
    """`text`, its `tokens`, and by what it was `stopped`: its end, the length, or who asked. Raises UserError."""
    with player.asked() as model:
        speaker = Speaker(model, task.tokenizer, player.arithmetic, listener)
        ids = _read_ids(request.fields, task)
        # Not rounded up: a decoder would go on behind the padding.
        rounding = 1 if isinstance(task, CausalLM) else 8
        inputs = speaker.here(collate.inputs([Example(ids, [], 0)], collate.pad_id(task.tokenizer), rounding))
        beams = 1 if isinstance(task, CausalLM) or request.temperature else task.config.generation_num_beams
        options: dict[str, Any] = {"logits_processor": draws([request.seed], request.temperature, request.top_p)}
        if beams == 1:
            options["streamer"] = Pieces(task.tokenizer, say)
        output = speaker.generate(inputs, _room(request, task, model, len(ids)), beams, **options)
        new = output[0, len(ids) :] if isinstance(task, CausalLM) else output[0, 1:]
        text = speaker.texts(new[None])[0]
    return {"text": text, "tokens": _length(new, task), "stopped": _stopped(new, model, listener)}


def _read_ids(fields: Mapping[str, Any], task: CausalLM | Seq2SeqLM) -> list[int]:
    if isinstance(task, Seq2SeqLM):
        source = filled_text_of(fields.get("source", fields.get("prompt")), "source")
        return list(task.encode(PairRow(0, source, "-"))[0].input_ids)
    if "messages" not in fields:
        return task.prompt_ids(filled_text_of(fields.get("prompt"), "prompt"))
    text = task.chat.render(_messages(fields["messages"]), add_generation_prompt=True)
    return list(task.tokenizer(text, add_special_tokens=False)["input_ids"])


def _messages(turns: object) -> list[Message]:
    if not isinstance(turns, list) or not turns:
        raise DataError(f"messages is {chat.kind_of(turns)}, expected a list of turns.")
    return [_message(turn, f"messages[{place}]") for place, turn in enumerate(turns)]


def _message(turn: object, place: str) -> Message:
    if not isinstance(turn, dict) or turn.get("role") not in ROLES:
        raise DataError(f"{place} has no role system, user or assistant.")
    return Message(ROLES[turn["role"]], chat.text_of(turn.get("content"), f"{place}.content"))


def _room(request: Request, task: CausalLM | Seq2SeqLM, model: nn.Module, read: int) -> int:
    """How many tokens may be written: as asked, but not beyond what a decoder has places for."""
    places = getattr(model.config, "max_position_embeddings", None)
    if isinstance(task, Seq2SeqLM) or not isinstance(places, int):
        return request.max_new_tokens
    if read >= places:
        raise DataError(f"The prompt has {read:,} tokens: the model reads {places:,} at most.", "Shorten it.")
    return min(request.max_new_tokens, places - read)


def _length(new: Tensor, task: CausalLM | Seq2SeqLM) -> int:
    """Without the padding with which beams end."""
    if isinstance(task, CausalLM):
        return len(new)
    return int(torch.sum(new != collate.pad_id(task.tokenizer)))


def _stopped(new: Tensor, model: nn.Module, listener: Listener) -> str:
    if listener.stop_asked():
        return "asked"
    ends = model.generation_config.eos_token_id  # pyright: ignore[reportAttributeAccessIssue]
    known = ends if isinstance(ends, list) else [ends]
    return "end" if any(end in new.tolist() for end in known if end is not None) else "length"
