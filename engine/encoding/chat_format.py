"""Conversations as tokens, by the tokenizer's chat template, and which of the tokens the assistant speaks."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from typing import Any

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase
from transformers.utils.chat_template_utils import render_jinja_template

from ...store.errors import DataError, ModelError
from ..data.chat import ChatRow, Message
from ..report import Report
from .example import IGNORED, Example

GENERATION_MARK = re.compile(r"\{%-?\s*generation\s*-?%\}")
# For models that were never tuned to chat: what was asked, a line break, the answer, and the end of the text.
PLAIN_TEMPLATE = (
    "{% if bos_token %}{{ bos_token }}{% endif %}{% for message in messages %}{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] }}{{ eos_token }}{% endgeneration %}"
    "{% else %}{{ message['content'] }}\n{% endif %}{% endfor %}"
)
# An asterism: no text begins or ends with it.
UNSEEN = "\u2042"
MARKS_ADVICE = "Use a chat template that marks the assistant's text with {% generation %}."


def give_template(tokenizer: PreTrainedTokenizerBase, report: Report) -> None:
    """Give a tokenizer without a chat template the plainest one; it is saved with what the run makes.

    Raises ModelError where there is no end token either, so that no answer could end.
    """
    if not tokenizer.eos_token:
        raise ModelError(
            "The tokenizer has neither a chat template nor an end token, so no answer could end.",
            "Choose a model tuned for chat (its name often ends in -Instruct or -it).",
        )
    tokenizer.chat_template = PLAIN_TEMPLATE
    report(
        "the tokenizer has no chat template: prompt, line break, answer, end token are used, and kept with the result"
    )


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
        with _refusing():
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
        with _refusing():
            rendered: Any = render_jinja_template(
                [_as_dicts(messages)], chat_template=self.template, return_assistant_tokens_mask=True, **variables
            )
        return rendered[1][0]


def encode(row: ChatRow, chat: ChatFormat, max_length: int | None = None) -> Example:
    """Tokenise one conversation and label every assistant turn with its turn end.

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
    return Example(input_ids[:max_length], labels[:max_length], row.line, truncated)


@contextmanager
def _refusing() -> Iterator[None]:
    """A template is a program of somebody else's, which may raise anything: as TemplateError it is a refusal."""
    try:
        yield
    except TemplateError:
        raise
    except Exception as error:
        raise TemplateError(str(error) or type(error).__name__) from error


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
    if text.startswith(before) and text.startswith(through[:end]) and end > len(before):
        return len(before), end
    return _changed_span(row, index, text, chat)


def _changed_span(row: ChatRow, index: int, text: str, chat: ChatFormat) -> tuple[int, int]:
    """Where the text changes with the turn's content: for templates that write a turn otherwise once more follow.

    Qwen3 leaves out of earlier turns what was thought. What begins or ends like the other content may be missed by as
    many characters, so that one is taken which is in no text.
    """
    messages = list(row.messages)
    messages[index] = replace(messages[index], content=UNSEEN)
    changed = chat.render(messages)
    start = _shared(text, changed)
    behind = _shared(text[start:][::-1], changed[start:][::-1])
    end = len(text) - behind
    if end <= start:
        raise DataError(
            f"line {row.line:,}: messages[{index}] can't be located in the text: the chat template leaves it out.",
            MARKS_ADVICE + " Or end the row at this turn.",
        )
    return start, _turn_end(text, start, end, chat)


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


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
