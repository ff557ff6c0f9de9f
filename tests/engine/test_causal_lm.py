"""What is trained, token by token: the assistant's text with its end, and nothing else."""

import pytest
from tiny_tokenizer import CHATML, make_tokenizer
from tokenizers import processors
from tunedeck.engine.data.chat import ChatRow, Message
from tunedeck.engine.tasks.causal_lm import IGNORED, ChatFormat, Example, encode, encode_rows, preflight_turn_end
from tunedeck.store.errors import DataError, ModelError

ASSISTANT_MARKED = (
    "{% for message in messages %}{% if message['role'] == 'assistant' %}<|im_start|>assistant\n"
    "{% generation %}{{ message['content'] }}INSIDE{% endgeneration %}OUTSIDE"
    "{% else %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
MARKED = ASSISTANT_MARKED.replace("INSIDE", "<|im_end|>\n").replace("OUTSIDE", "")
MARKED_WITHOUT_END = ASSISTANT_MARKED.replace("INSIDE", "").replace("OUTSIDE", "<|im_end|>\n")
# As in Phi-3: a conversation that does not go on gets one more token.
CLOSED = CHATML.replace("{% endif %}", "{% else %}<|endoftext|>{% endif %}")
# As in Qwen3: what stands before </think> is only kept in the last turn.
FORGETFUL = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if loop.last %}{{ message['content'] }}{% else %}{{ message['content'].split('</think>')[-1] }}{% endif %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
NO_END = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
ALTERNATING = (
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ raise_exception('No system role') }}"
    "{% endif %}{% endfor %}" + CHATML
)


def talk(*contents: str, line: int = 1) -> ChatRow:
    roles = ("user", "assistant")
    return ChatRow(line, tuple(Message(roles[index % 2], content) for index, content in enumerate(contents)))


def trained(row: ChatRow, template: str = CHATML, max_length: int | None = None) -> list[str]:
    """The stretches of trained tokens as texts; checks that every label is the token at its place."""
    tokenizer = make_tokenizer(template)
    example, _ = encode(row, ChatFormat(tokenizer), max_length)
    assert len(example.labels) == len(example.input_ids)
    stretches: list[list[int]] = [[]]
    for token, label in zip(example.input_ids, example.labels, strict=True):
        if label == IGNORED:
            stretches.append([])
        else:
            assert label == token
            stretches[-1].append(token)
    return [str(tokenizer.decode(stretch)) for stretch in stretches if stretch]


@pytest.mark.parametrize("template", [CHATML, MARKED, MARKED_WITHOUT_END, CLOSED], ids=["plain", "in", "out", "closed"])
def test_every_answer_is_trained_with_its_end_and_without_the_line_break(template: str) -> None:
    row = talk("What is the capital of France?", "Paris.", "Who wrote Hamlet?", "Shakespeare, about 1600 👋", "Thanks")
    assert trained(row, template) == ["Paris.<|im_end|>", "Shakespeare, about 1600 👋<|im_end|>"]


def test_a_marked_answer_that_begins_with_spaces_is_trained_where_offsets_are_trimmed() -> None:
    tokenizer = make_tokenizer(MARKED)
    tokenizer.backend_tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    example, _ = encode(talk("Hi", "  Hello", "Hi", "Yes"), ChatFormat(tokenizer))
    answers = [token for token in example.labels if token != IGNORED]
    assert tokenizer.decode(answers) == "  Hello<|im_end|>Yes<|im_end|>"


def test_the_conversation_is_tokenised_as_the_template_renders_it() -> None:
    tokenizer = make_tokenizer()
    row = talk("Hi", "Hello", "How?", "So.")
    messages = [{"role": message.role, "content": message.content} for message in row.messages]
    expected = tokenizer.apply_chat_template(messages, return_dict=True)["input_ids"]
    assert encode(row, ChatFormat(tokenizer))[0].input_ids == expected


def test_a_system_turn_is_not_trained() -> None:
    row = ChatRow(1, (Message("system", "Be kind."), *talk("Hi", "Hello").messages))
    assert trained(row) == ["Hello<|im_end|>"]


def test_an_answer_that_merges_with_the_prompt_is_trained_from_its_first_whole_token() -> None:
    assert len(make_tokenizer()("\n\n", add_special_tokens=False)["input_ids"]) == 1
    assert trained(talk("Hi", "\n Hello")) == [" Hello<|im_end|>"]


def test_an_end_token_inside_an_answer_does_not_end_it() -> None:
    assert trained(talk("Hi", "a<|im_end|>b", "Hi", "c")) == ["a<|im_end|>b<|im_end|>", "c<|im_end|>"]


def test_the_same_text_from_user_and_assistant_is_told_apart() -> None:
    assert trained(talk("Hello", "Hello", "Hello", "Hello")) == ["Hello<|im_end|>"] * 2


def test_a_template_that_rewrites_earlier_turns_is_refused_with_its_place() -> None:
    assert trained(talk("Hi", "<think>x</think>Hello"), FORGETFUL) == ["<think>x</think>Hello<|im_end|>"]
    with pytest.raises(DataError, match=r"line 7: messages\[1\] can't be located in the text") as caught:
        trained(talk("Hi", "<think>x</think>Hello", "Hi", "Yes", line=7), FORGETFUL)
    assert "{% generation %}" in caught.value.next_step


def test_a_conversation_that_the_template_refuses_is_named() -> None:
    row = ChatRow(3, (Message("system", "Be kind."), *talk("Hi", "Hello").messages))
    with pytest.raises(DataError, match="line 3: the chat template refuses the conversation: No system role"):
        trained(row, ALTERNATING)


def test_a_tokenizer_without_chat_template_is_refused() -> None:
    with pytest.raises(ModelError, match="The tokenizer has no chat template"):
        ChatFormat(make_tokenizer(None))


def test_rows_are_cut_at_the_end_and_counted() -> None:
    chat = ChatFormat(make_tokenizer())
    rows = [talk("Hi", "Hello"), talk("Hi", "Hello " * 30, line=2), talk("Hi " * 90, "Hello", line=3)]
    encoded = encode_rows(rows, chat, max_length=40)
    assert [example.line for example in encoded.examples] == [1, 2]
    assert encoded.truncated == 1
    assert encoded.untrained_lines == [3]
    whole = encode(rows[1], chat)[0]
    assert encoded.examples[1] == Example(whole.input_ids[:40], whole.labels[:40], 2)


def test_rows_that_all_train_nothing_are_an_error_with_their_number() -> None:
    rows = [talk("Hi " * 90, "Hello", line=line) for line in (1, 2)]
    with pytest.raises(DataError, match="None of the 2 rows trains a token within max_length = 40"):
        encode_rows(rows, ChatFormat(make_tokenizer()), max_length=40)


def test_preflight_passes_where_a_turn_end_is_trained_though_pad_is_the_same_token() -> None:
    tokenizer = make_tokenizer()
    assert tokenizer.pad_token_id == tokenizer.eos_token_id == ChatFormat(tokenizer).turn_end_id
    preflight_turn_end(tokenizer, [encode(talk("Hi", "Hello"), ChatFormat(tokenizer))[0]])


def test_preflight_fails_where_no_turn_end_is_trained() -> None:
    tokenizer = make_tokenizer()
    example = encode(talk("Hi", "Hello"), ChatFormat(tokenizer))[0]
    masked = [IGNORED if label == tokenizer.pad_token_id else label for label in example.labels]
    with pytest.raises(ModelError, match=r"No row trains <\|im_end\|>"):
        preflight_turn_end(tokenizer, [Example(example.input_ids, masked, 1)])
    with pytest.raises(ModelError, match="writes no special token after the assistant's turn"):
        preflight_turn_end(make_tokenizer(NO_END), [example])
