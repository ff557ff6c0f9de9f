"""The shape of a chat template, found by rendering marked conversations: what stands before and after each text."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase

from ..encoding.chat_format import ChatFormat

Talk = Sequence[tuple[str, str]]

# Single words that no template trims, splits or writes by itself.
_SYSTEM, _USER, _ANSWER, _NEXT = "sentinelsystem", "sentineluser", "sentinelanswer", "sentinelnext"


@dataclass(frozen=True)
class Turns:
    """A template in pieces: a conversation's text is these around its contents, and nothing else.

    `opening` stands at the beginning where there is no system turn, `generation` where the assistant is to speak.
    `system` is None where a system turn isn't written at the beginning, or not as a turn of its own.
    """

    opening: str
    system: tuple[str, str] | None
    user: tuple[str, str]
    assistant: tuple[str, str]
    generation: str

    def render(self, talk: Talk) -> str:
        """The text of a conversation up to where the assistant begins to speak."""
        has_system = talk[0][0] == "system"
        around = {"system": self.system or ("", ""), "user": self.user, "assistant": self.assistant}
        turns = (around[role][0] + content + around[role][1] for role, content in talk)
        return ("" if has_system else self.opening) + "".join(turns) + self.generation


def find(tokenizer: PreTrainedTokenizerBase) -> Turns | None:
    """The pieces of the tokenizer's template; None where it has none, or is more than pieces around the contents.

    What is found is held against the template on further conversations, so that a template that counts, trims or
    moves turns is not taken for a simple one.
    """
    # It writes today's date, which would be the date of the export for ever.
    if not tokenizer.chat_template or "strftime_now" in str(tokenizer.chat_template):
        return None
    try:
        found = _taken_apart(tokenizer)
        return found if found and _holds(found, tokenizer) else None
    except TemplateError:
        return None


def turn_end(tokenizer: PreTrainedTokenizerBase) -> str:
    """The first special token that the template writes after an answer, such as `<|im_end|>`; empty for none."""
    if not tokenizer.chat_template:
        return ""
    try:
        return ChatFormat(tokenizer).turn_end or ""
    # A template is a program of somebody else's, which may raise anything.
    except Exception:  # noqa: BLE001
        return ""


def _rendered(tokenizer: PreTrainedTokenizerBase, talk: Talk, *, prompt: bool = False) -> str:
    messages = [{"role": role, "content": content} for role, content in talk]
    try:
        return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt))
    # A template is a program of somebody else's, which may raise anything.
    except Exception as error:
        raise TemplateError(str(error)) from error


def _taken_apart(tokenizer: PreTrainedTokenizerBase) -> Turns | None:
    asked = [("user", _USER)]
    answered = [*asked, ("assistant", _ANSWER)]
    one = _rendered(tokenizer, asked)
    head, _, user_end = one.partition(_USER)
    # The last answer may be written otherwise than an earlier one (with its thoughts, say), but ends the same.
    answer_end = _rendered(tokenizer, answered).rpartition(_ANSWER)[2]
    further = _rendered(tokenizer, [*answered, ("user", _NEXT)]).removeprefix(one)
    answer_begin, _, rest = further.partition(_ANSWER)
    user_begin = rest.partition(_NEXT)[0].removeprefix(answer_end)
    if not head.endswith(user_begin):
        return None
    return Turns(
        opening=head.removesuffix(user_begin),
        system=_system(tokenizer, user_begin),
        user=(user_begin, user_end),
        assistant=(answer_begin, answer_end),
        generation=_rendered(tokenizer, asked, prompt=True).removeprefix(one),
    )


def _system(tokenizer: PreTrainedTokenizerBase, user_begin: str) -> tuple[str, str] | None:
    try:
        text = _rendered(tokenizer, [("system", _SYSTEM), ("user", _USER)])
    except TemplateError:
        return None  # many templates refuse a system turn
    begin, _, rest = text.partition(_SYSTEM)
    between = rest.partition(_USER)[0]
    return (begin, between.removesuffix(user_begin)) if between.endswith(user_begin) else None


def _holds(found: Turns, tokenizer: PreTrainedTokenizerBase) -> bool:
    """Whether template and pieces agree on other words, and on more turns than they were found in."""
    talks: list[Talk] = [[("user", "Hi there.")]]
    talks.append([*talks[0], ("assistant", "Hello!"), ("user", "Why?"), ("assistant", "So."), ("user", "I see")])
    if found.system:
        talks += [[("system", "Be kind."), *talk] for talk in talks]
    return all(found.render(talk) == _rendered(tokenizer, talk, prompt=True) for talk in talks)
