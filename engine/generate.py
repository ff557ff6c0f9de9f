"""Answers of the model to the run's fixed prompts, by greedy search, so that they can be held side by side."""

import torch
from transformers import PreTrainedTokenizerBase, StoppingCriteria, StoppingCriteriaList

from .adapter import Trainable
from .collate import pad_id
from .evaluate import evaluating
from .precision import Arithmetic
from .session import Session


class _AskedToStop(StoppingCriteria):
    """Ends a generation when the run is to stop, and beats between tokens."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, input_ids: torch.Tensor, scores: object, **kwargs: object) -> torch.BoolTensor:
        stop = self._session.stop_asked()
        return torch.full((input_ids.shape[0],), stop, device=input_ids.device).bool()  # pyright: ignore[reportReturnType]


def answers(
    model: Trainable,
    tokenizer: PreTrainedTokenizerBase,
    prompts: list[str],
    max_new_tokens: int,
    arithmetic: Arithmetic,
    session: Session,
) -> list[str]:
    """One answer a prompt, cut at the turn's end or after `max_new_tokens`.

    Raises:
        StopRequested: the run is to stop.
    """
    session.beat(expect_seconds=120)
    inputs = {name: tensor.to(arithmetic.device) for name, tensor in _batch(tokenizer, prompts).items()}
    with evaluating(model, arithmetic):
        output = model.generate(  # pyright: ignore[reportCallIssue] - torch types a module's attributes as tensors
            **inputs,
            max_new_tokens=max_new_tokens,
            do_sample=False,
            pad_token_id=pad_id(tokenizer),
            stopping_criteria=StoppingCriteriaList([_AskedToStop(session)]),
        )
    session.check()
    told = output[:, inputs["input_ids"].shape[1] :]
    return [answer.strip() for answer in tokenizer.batch_decode(told, skip_special_tokens=True)]


def _batch(tokenizer: PreTrainedTokenizerBase, prompts: list[str]) -> dict[str, torch.Tensor]:
    """The prompts up to where the assistant begins to speak, padded in front so that all answers begin together."""
    rows = [_prompt_ids(tokenizer, prompt) for prompt in prompts]
    width = max(len(row) for row in rows)
    return {
        "input_ids": torch.tensor([[pad_id(tokenizer)] * (width - len(row)) + row for row in rows]),
        "attention_mask": torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows]),
    }


def _prompt_ids(tokenizer: PreTrainedTokenizerBase, prompt: str) -> list[int]:
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": prompt}], add_generation_prompt=True, tokenize=False
    )
    return list(tokenizer(str(text), add_special_tokens=False)["input_ids"])
