"""Answers of the model to the run's fixed prompts, by greedy search, so that they can be held side by side."""

import torch
from transformers import PreTrainedTokenizerBase, StoppingCriteria, StoppingCriteriaList

from .adapter import Trainable
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
    with evaluating(model, arithmetic):
        return [_answer(model, tokenizer, prompt, max_new_tokens, arithmetic, session) for prompt in prompts]


def _answer(
    model: Trainable,
    tokenizer: PreTrainedTokenizerBase,
    prompt: str,
    max_new_tokens: int,
    arithmetic: Arithmetic,
    session: Session,
) -> str:
    session.beat(expect_seconds=60)
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": prompt}], add_generation_prompt=True, tokenize=False
    )
    inputs = tokenizer(str(text), add_special_tokens=False, return_tensors="pt").to(arithmetic.device)
    output = model.generate(  # pyright: ignore[reportCallIssue] - torch types a module's attributes as tensors
        **inputs,
        max_new_tokens=max_new_tokens,
        do_sample=False,
        pad_token_id=tokenizer.pad_token_id,
        stopping_criteria=StoppingCriteriaList([_AskedToStop(session)]),
    )
    session.check()
    return str(tokenizer.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)).strip()
