"""Masks and losses on the same rows as TRL's SFTTrainer, template by template; where we differ, by what and why."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from chat_templates import FAMILIES, Family
from datasets import Dataset
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel, PreTrainedTokenizerFast
from trl import SFTConfig, SFTTrainer
from trl import chat_template_utils as known
from tunedeck.engine.data.chat import ChatRow, Message
from tunedeck.engine.encoding import collate
from tunedeck.engine.encoding.chat_format import ChatFormat, encode
from tunedeck.engine.encoding.example import IGNORED, Example
from tunedeck.engine.outputs.loss import item_losses, next_token_scores

# TRL 1.16 asks transformers 5.23 by the old name.
pytestmark = pytest.mark.filterwarnings("ignore:`gradient_checkpointing` is deprecated:FutureWarning")
Talk = list[dict[str, str]]


def encoded(tokenizer: PreTrainedTokenizerFast, talk: Talk, max_length: int | None = None) -> Example:
    """A conversation on our way into training."""
    row = ChatRow(1, tuple(Message(**turn) for turn in talk))  # pyright: ignore[reportArgumentType]
    return encode(row, ChatFormat(tokenizer), max_length)


def mean_loss(model: PreTrainedModel, rows: Sequence[Example]) -> Tensor:
    """Our loss of a batch."""
    batch = collate.inputs(rows, pad_id=0) | {"labels": collate.place_labels(rows)}
    return item_losses(next_token_scores(model, **batch)).losses.mean()


class Besides(NamedTuple):
    """What TRL trains and we don't: before each answer, after its end token, and behind the last turn."""

    before: str = ""
    after: str = ""
    closing: str = ""


LINE_BREAK = Besides(after="\n")
# TRL knows these by comparing every character, so they are what the models come with, and marks the answers itself.
PATCHED = {
    "llama3": Family(
        known.llama3_chat_template, known.llama3_training_chat_template, "<|begin_of_text|>", "<|eot_id|>",
        ("<|start_header_id|>", "<|end_header_id|>"),
    ),
    "cohere": Family(
        known.cohere_chat_template, known.cohere_training_chat_template, "<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>",
        ("<|START_OF_TURN_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|SYSTEM_TOKEN|>"),
    ),
    "gemma": Family(
        known.gemma_chat_template, known.gemma_training_chat_template, "<bos>", "<eos>",
        ("<start_of_turn>", "<end_of_turn>"), takes_system=False,
    ),
    "gemma3": Family(
        known.gemma3_chat_template, known.gemma3_training_chat_template, "<bos>", "<eos>",
        ("<start_of_turn>", "<end_of_turn>"),
    ),
    "phi3": Family(
        known.phi3_chat_template, known.phi3_training_chat_template, "<s>", "<|endoftext|>",
        ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
    ),
    "qwen2.5": Family(
        known.qwen2_5_chat_template, known.qwen2_5_training_chat_template, "<|endoftext|>", "<|im_end|>",
        ("<|im_start|>",),
    ),
}  # fmt: skip
BESIDES = {
    "llama3": Besides(), "cohere": Besides(), "mistral": Besides(),
    "chatml": LINE_BREAK, "zephyr": LINE_BREAK, "gemma": LINE_BREAK, "gemma3": LINE_BREAK,
    "phi3": Besides(after="\n", closing="<|endoftext|>"),
    "qwen2.5": Besides(before="\n", after="\n"),
}  # fmt: skip
ALL = FAMILIES | PATCHED
families = pytest.mark.parametrize("name", ALL)


def talk(*contents: str, system: str | None = None) -> Talk:
    turns = [{"role": ("user", "assistant")[index % 2], "content": content} for index, content in enumerate(contents)]
    return [{"role": "system", "content": system}] * (system is not None) + turns


def talks(family: Family) -> list[Talk]:
    """One turn, several, one that ends with a question, and where there may be, one with a system turn."""
    return [
        talk("What is the capital of France?", "The capital of France is Paris."),
        talk("Good morning, how are you?", "I am well 👋\n\nYou?", "Well, thank you.", "Good!"),
        talk("Who wrote Hamlet?", "Shakespeare wrote it,\nabout 1600.", "Thank you!"),
        talk("Who wrote Hamlet?", "Shakespeare.", system="You are kind." if family.takes_system else None),
    ]


def tiny_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """Two layers of random weights, the same at each call."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2
    )
    return LlamaForCausalLM(config)


def trainer(tokenizer: PreTrainedTokenizerFast, rows: list[dict[str, Any]], folder: Path, **options: Any) -> Any:
    """TRL's trainer, with all rows in one batch."""
    arguments = SFTConfig(
        str(folder),
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        report_to=[],
        disable_tqdm=True,
        per_device_train_batch_size=len(rows),
        **options,
    )
    dataset = Dataset.from_list(rows)
    return SFTTrainer(tiny_model(tokenizer), arguments, train_dataset=dataset, processing_class=tokenizer)


def stretches(tokens: Sequence[int], chosen: Sequence[bool]) -> list[list[int]]:
    """The tokens that are chosen, in stretches that hang together."""
    pairs = zip(tokens, chosen, strict=True)
    return [[token for token, _ in group] for is_chosen, group in groupby(pairs, lambda pair: pair[1]) if is_chosen]


def last_answer(row: Example) -> Example:
    """The row with only its last answer trained."""
    end = max(place for place, label in enumerate(row.labels) if label != IGNORED)
    start = max(place for place in range(end) if row.labels[place] == IGNORED) + 1
    return Example(row.input_ids, [IGNORED] * start + row.labels[start:], row.line)


def assert_trained_besides(expected: list[str], ours: Example, theirs: dict[str, list[int]], tokenizer: Any) -> None:
    """They train what we train, and of the rest only the stretches that are expected."""
    assert theirs["input_ids"] == ours.input_ids
    besides = [a != b for a, b in zip(ours.labels, theirs["labels"], strict=True)]
    assert all(label == IGNORED for label, differs in zip(ours.labels, besides, strict=True) if differs)
    assert [tokenizer.decode(tokens) for tokens in stretches(ours.input_ids, besides)] == expected


def all_besides(turns: Talk, besides: Besides) -> list[str]:
    """What TRL trains besides in the whole conversation, in order."""
    parts = [besides.before, besides.after] * sum(turn["role"] == "assistant" for turn in turns)
    if turns[-1]["role"] == "assistant":
        parts[-1] += besides.closing
    return [part for part in parts if part]


@families
def test_assistant_only_loss_trains_the_same_tokens(name: str, tmp_path: Path) -> None:
    """TRL trains all that its marks hold: also the line break after the end token, the one before Qwen2.5's answers,
    which is a part of the prompt, and Phi-3's end of text. We don't: generation stops at the end token, so nothing
    ever asks the model for them. Where a template comes with marks we begin where these begin.
    """
    family, rows, besides = ALL[name], talks(ALL[name]), BESIDES[name]
    tokenizer = family.tokenizer(family.published if name in PATCHED else family.marked)
    trl = trainer(tokenizer, [{"messages": turns} for turns in rows], tmp_path, assistant_only_loss=True)
    for template, expected in ((family.published, besides), (family.marked, Besides(after=besides.after))):
        tokenizer = family.tokenizer(template)
        for turns, theirs in zip(rows, trl.train_dataset, strict=True):
            assert_trained_besides(all_besides(turns, expected), encoded(tokenizer, turns), theirs, tokenizer)


@families
def test_completion_only_loss_trains_the_same_tokens_of_the_last_answer(name: str, tmp_path: Path) -> None:
    """TRL needs no marks here, but trains only the last answer, with all that follows its end token.

    With Llama-3 it trains the two line breaks before the answer too: GPT-2's splitting makes one token of them where
    the prompt ends there and two where an answer follows, and TRL, with a warning, begins where the tokens part.
    """
    family, besides = ALL[name], BESIDES[name]
    tokenizer = family.tokenizer()
    rows = [turns for turns in talks(family) if turns[-1]["role"] == "assistant"]
    trl = trainer(tokenizer, [{"prompt": turns[:-1], "completion": turns[-1:]} for turns in rows], tmp_path)
    expected = ["\n\n" if name == "llama3" else "", besides.after + besides.closing]
    for turns, theirs in zip(rows, trl.train_dataset, strict=True):
        ours = last_answer(encoded(tokenizer, turns))
        assert_trained_besides([text for text in expected if text], ours, theirs, tokenizer)


def test_rows_are_cut_and_left_out_alike(tmp_path: Path) -> None:
    family = ALL["llama3"]
    rows = [talk("Hi", "Yes"), *talks(family), talk("What is the capital of France? " * 4, "Paris.")]
    trl = trainer(
        family.tokenizer(), [{"messages": turns} for turns in rows], tmp_path, assistant_only_loss=True, max_length=40
    )
    ours = [encoded(family.tokenizer(), turns, max_length=40) for turns in rows]
    kept = [(row.input_ids, row.labels) for row in ours if row.trained_tokens]
    assert [(row["input_ids"], row["labels"]) for row in trl.train_dataset] == kept
    assert 0 < sum(row.truncated for row in ours if row.trained_tokens) < len(kept) < len(rows)


@families
def test_losses_and_gradients_are_the_same(name: str, tmp_path: Path) -> None:
    """For TRL's labels, and for ours handed to TRL; where it trains nothing besides, both are the same."""
    family = ALL[name]
    ours = [encoded(family.tokenizer(), turns) for turns in talks(family)]
    tokenised = [{"input_ids": row.input_ids, "labels": row.labels} for row in ours]
    assert_same_loss(trainer(family.tokenizer(), tokenised, tmp_path), ours)
    talked = [{"messages": turns} for turns in talks(family)]
    trl = trainer(family.tokenizer(family.marked), talked, tmp_path, assistant_only_loss=True)
    theirs = [Example(row["input_ids"], row["labels"], line=1) for row in trl.train_dataset]
    assert_same_loss(trl, theirs if any(BESIDES[name]) else ours)


def assert_same_loss(trl: Any, rows: Sequence[Example]) -> None:
    """Loss and gradients: TRL's of all its rows, and ours of these."""
    model = tiny_model(trl.processing_class)
    loss = mean_loss(model, rows)
    loss.backward()
    (batch,) = trl.get_train_dataloader()
    theirs = trl.compute_loss(trl.model, batch)
    theirs.backward()
    torch.testing.assert_close(loss, theirs, rtol=1e-5, atol=1e-5)
    gradients = dict(trl.model.named_parameters())
    for name, weight in model.named_parameters():
        torch.testing.assert_close(weight.grad, gradients[name].grad, rtol=1e-5, atol=1e-5)
