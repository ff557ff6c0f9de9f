"""Causal language models on conversations: tokens from the chat template, loss on what the assistant says."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase
from transformers.utils.chat_template_utils import render_jinja_template

from ...store.errors import DataError, ModelError
from ..data.chat import ChatRow, Message

IGNORED = -100
GENERATION_MARK = re.compile(r"\{%-?\s*generation\s*-?%\}")
MARKS_ADVICE = "Use a chat template that marks the assistant's text with {% generation %}."


@dataclass(frozen=True)
class Example:
    """A tokenised row, unpadded: `labels[i]` is `input_ids[i]` where it is trained, -100 elsewhere."""

    input_ids: list[int]
    labels: list[int]
    line: int

    @property
    def trained_tokens(self) -> int:
        return sum(label != IGNORED for label in self.labels)


@dataclass(frozen=True)
class Examples:
    """What became of the rows: the examples, how many of these were cut, and the lines left with nothing to train."""

    examples: list[Example]
    truncated: int
    untrained_lines: list[int]


@dataclass(frozen=True)
class ChatFormat:
    """A tokenizer's chat template, and how it ends a turn.

    Raises ModelError when made from a tokenizer that has no chat template or needs one chosen.
    """

    tokenizer: PreTrainedTokenizerBase

    def __post_init__(self) -> None:
        _ = self.template

    @cached_property
    def template(self) -> str:
        try:
            return self.tokenizer.get_chat_template()
        except ValueError as error:
            raise ModelError(
                "The tokenizer has no chat template, so conversations can't be turned into text.",
                "Choose a model tuned for chat (its name often ends in -Instruct or -it).",
            ) from error

    @cached_property
    def has_marks(self) -> bool:
        return GENERATION_MARK.search(self.template) is not None

    @cached_property
    def turn_end(self) -> str | None:
        """The first special token that the template writes after an assistant's text, such as `<|im_end|>`."""
        probe = (Message("user", "Hello"), Message("assistant", "probe"))
        tail = self.render(probe).rpartition("probe")[2]
        special = [token.content for token in self.tokenizer.added_tokens_decoder.values() if token.special]
        found = [(tail.index(token), -len(token), token) for token in special if token in tail]
        return min(found)[2] if found else None

    @cached_property
    def turn_end_id(self) -> int | None:
        if self.turn_end is None:
            return None
        token_id = self.tokenizer.convert_tokens_to_ids(self.turn_end)
        return token_id if isinstance(token_id, int) else None

    def render(self, messages: Iterable[Message], *, add_generation_prompt: bool = False) -> str:
        """The text of a conversation; with the prompt, up to where the assistant begins to speak."""
        return str(
            self.tokenizer.apply_chat_template(
                _as_dicts(messages), tokenize=False, add_generation_prompt=add_generation_prompt
            )
        )

    def marked_spans(self, messages: Iterable[Message]) -> list[tuple[int, int]]:
        """Where in the text the template's `{% generation %}` blocks begin and end.

        Characters, not tokens: where offsets are trimmed (GPT-2's tokenizer), the token mask of `apply_chat_template`
        loses an answer that begins with a space, and every answer after it.
        """
        variables: dict[str, Any] = dict(self.tokenizer.special_tokens_map)
        # Annotated as a text, it returns the texts and the spans of several conversations.
        rendered: Any = render_jinja_template(
            [_as_dicts(messages)], chat_template=self.template, return_assistant_tokens_mask=True, **variables
        )
        return rendered[1][0]


def encode(row: ChatRow, chat: ChatFormat, max_length: int | None = None) -> tuple[Example, bool]:
    """Tokenise one conversation and label every assistant turn with its turn end; also: was it cut?

    The conversation is tokenised once, as a whole. A turn's label begins where the generation prompt ends and goes to
    the end token of the turn. The line break that ChatML templates write after `<|im_end|>` is not trained: a model
    that generates stops at `<|im_end|>`, so nothing ever asks it for what follows. What exceeds `max_length` tokens
    is cut off at the end.

    Raises DataError where the template refuses the conversation, or where the assistant's text can't be located.
    """
    try:
        text = chat.render(row.messages)
        spans = _spans(row, text, chat)
    except TemplateError as error:
        raise DataError(
            f"line {row.line:,}: the chat template refuses the conversation: {error}.",
            "Change the row to what the template expects, or leave it out.",
        ) from error
    encoding = chat.tokenizer(text, add_special_tokens=False)
    input_ids = list(encoding["input_ids"])
    labels = [IGNORED] * len(input_ids)
    for start, end in spans:
        span = slice(_token_at(start, text, chat, encoding), _token_at(end, text, chat, encoding))
        labels[span] = input_ids[span]
    truncated = max_length is not None and len(input_ids) > max_length
    return Example(input_ids[:max_length], labels[:max_length], row.line), truncated


def encode_rows(
    rows: Sequence[ChatRow],
    chat: ChatFormat,
    max_length: int | None = None,
    each: Callable[[], None] = lambda: None,
) -> Examples:
    """Tokenise all rows; those that train no token, most of all because they were cut, are left out and named.

    `each` is called before every row, so that long work can be watched and stopped.

    Raises DataError where no row trains a token, or one can't be encoded.
    """
    examples: list[Example] = []
    untrained_lines: list[int] = []
    truncated = 0
    for row in rows:
        each()
        example, was_cut = encode(row, chat, max_length)
        # The first token has no token before it that could predict it.
        if any(label != IGNORED for label in example.labels[1:]):
            examples.append(example)
            truncated += was_cut
        else:
            untrained_lines.append(row.line)
    if not examples:
        limit = f" within max_length = {max_length:,}" if max_length else ""
        raise DataError(
            f"None of the {len(rows):,} rows trains a token{limit}: no assistant text is left.",
            "Raise max_length, or check the chat template and the rows with: tokens.",
        )
    return Examples(examples, truncated, untrained_lines)


def preflight_turn_end(tokenizer: PreTrainedTokenizerBase, examples: Iterable[Example]) -> None:
    """Raise ModelError unless the turn's end token is trained in at least one example; else no answer would stop."""
    chat = ChatFormat(tokenizer)
    if chat.turn_end_id is None:
        raise ModelError(
            "The chat template writes no special token after the assistant's turn, so the model can't learn to stop.",
            "Use a chat template that ends each turn with the tokenizer's end token.",
        )
    if not any(chat.turn_end_id in example.labels for example in examples):
        raise ModelError(
            f"No row trains {chat.turn_end}, the end of the assistant's turn, so the model can't learn to stop.",
            "Raise max_length: every answer is cut before its end.",
        )


def _as_dicts(messages: Iterable[Message]) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in messages]


def _spans(row: ChatRow, text: str, chat: ChatFormat) -> list[tuple[int, int]]:
    """Beginning and end of each assistant turn in `text`, end token included."""
    if chat.has_marks:
        return [(start, _turn_end(text, start, end, chat)) for start, end in chat.marked_spans(row.messages)]
    assistant_turns = [index for index, message in enumerate(row.messages) if message.role == "assistant"]
    return [_prefix_span(row, index, text, chat) for index in assistant_turns]


def _prefix_span(row: ChatRow, index: int, text: str, chat: ChatFormat) -> tuple[int, int]:
    """The turn is what `messages[:index + 1]` has beyond `messages[:index]` with the generation prompt."""
    before = chat.render(row.messages[:index], add_generation_prompt=True)
    through = chat.render(row.messages[: index + 1])
    end = _turn_end(through, len(before), len(through), chat)
    if not text.startswith(before) or not text.startswith(through[:end]) or end <= len(before):
        raise DataError(
            f"line {row.line:,}: messages[{index}] can't be located in the text: "
            "the chat template writes its beginning differently once more messages follow.",
            MARKS_ADVICE + " Or end the row at this turn.",
        )
    return len(before), end


def _turn_end(text: str, start: int, end: int, chat: ChatFormat) -> int:
    """Move the end of an assistant's text to just behind its end token, which may stand in or right after it."""
    if chat.turn_end is None:
        return end
    if text.startswith(chat.turn_end, end):
        return end + len(chat.turn_end)
    found = text.rfind(chat.turn_end, start, end)
    return end if found < 0 else found + len(chat.turn_end)


def _token_at(position: int, text: str, chat: ChatFormat, encoding: Any) -> int:
    """The index of the first token that begins at or after a character of the text.

    Where the tokens of `text[:position]` are also the first ones of the whole, it is their number. Else a token
    reaches over the position (an answer that begins with a line break, say): that token holds a part of the prompt,
    which is not trained, so the index is that of the next one.
    """
    head = chat.tokenizer(text[:position], add_special_tokens=False)["input_ids"]
    input_ids = encoding["input_ids"]
    if input_ids[: len(head)] == head:
        return len(head)
    for character in range(position, len(text)):
        token = encoding.char_to_token(character)
        if token is not None and encoding.token_to_chars(token).start >= position:
            return token
    return len(input_ids)
