"""What is trained, token by token: the assistant's text with its end, and nothing else."""

import pytest
from tiny_tasks import say_nothing, task_of
from tiny_tokenizer import CHATML, make_tokenizer
from tokenizers import processors
from tunedeck.engine.data.chat import ChatRow, Message
from tunedeck.engine.encoding.chat_format import ChatFormat, encode
from tunedeck.engine.encoding.example import IGNORED, Example
from tunedeck.engine.tasks.task import Task
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
LAST_ONLY = FORGETFUL.replace("message['content'].split('</think>')[-1]", "'...'")
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
    example = encode(row, ChatFormat(tokenizer), max_length)
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
    example = encode(talk("Hi", "  Hello", "Hi", "Yes"), ChatFormat(tokenizer))
    answers = [token for token in example.labels if token != IGNORED]
    assert tokenizer.decode(answers) == "  Hello<|im_end|>Yes<|im_end|>"


def test_the_conversation_is_tokenised_as_the_template_renders_it() -> None:
    tokenizer = make_tokenizer()
    row = talk("Hi", "Hello", "How?", "So.")
    messages = [{"role": message.role, "content": message.content} for message in row.messages]
    expected = tokenizer.apply_chat_template(messages, return_dict=True)["input_ids"]
    assert encode(row, ChatFormat(tokenizer)).input_ids == expected


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
    row = talk("Hi", "<think>x</think>Hello", "Hi", "Hello", "Bye")
    assert trained(row, FORGETFUL) == ["Hello<|im_end|>", "Hello<|im_end|>"]


def test_an_answer_that_the_template_leaves_out_is_named() -> None:
    with pytest.raises(DataError, match=r"line 7: messages\[1\] can't be located in the text") as caught:
        trained(talk("Hi", "Hello", "Hi", "Yes", line=7), LAST_ONLY)
    assert "{% generation %}" in caught.value.next_step


def test_a_conversation_that_the_template_refuses_is_named() -> None:
    row = ChatRow(3, (Message("system", "Be kind."), *talk("Hi", "Hello").messages))
    with pytest.raises(DataError, match="line 3: the chat template refuses the conversation: No system role"):
        trained(row, ALTERNATING)


def chat_task(template: str | None = CHATML, **knobs: object) -> Task:
    """The task with that chat template in its tokenizer."""
    task = task_of(**knobs)
    task.use(make_tokenizer(template), say_nothing)
    return task


def test_a_tokenizer_without_chat_template_gets_the_plainest_one() -> None:
    (example,) = chat_task(None).encode(talk("Hi", "Hello"))
    tokenizer = make_tokenizer()
    assert tokenizer.decode(example.input_ids) == "<|im_start|>Hi\nHello<|im_end|>"
    assert tokenizer.decode([label for label in example.labels if label != IGNORED]) == "Hello<|im_end|>"


def test_a_tokenizer_with_neither_template_nor_end_is_refused() -> None:
    tokenizer = make_tokenizer(None)
    tokenizer.eos_token = None
    with pytest.raises(ModelError, match="neither a chat template nor an end token"):
        task_of().use(tokenizer, say_nothing)


def test_plain_text_is_trained_whole_in_stretches_with_its_end() -> None:
    task = task_of(max_length=8)
    rows = [task.row(4, {"text": "What is the capital of France? " * 3}, {})]
    task.learn(rows, say_nothing)
    task.use(make_tokenizer(None), say_nothing)
    encoded = task.encode_all(rows)
    assert all(example.labels == example.input_ids and len(example.labels) <= 8 for example in encoded.examples)
    ids = [token for example in encoded.examples for token in example.input_ids]
    assert task.tokenizer.decode(ids) == "What is the capital of France? " * 3 + "<|im_end|>"
    task.preflight(encoded.examples)


def test_rows_are_cut_at_the_end_and_counted() -> None:
    task = chat_task(max_length=40)
    rows = [talk("Hi", "Hello"), talk("Hi", "Hello " * 30, line=2), talk("Hi " * 90, "Hello", line=3)]
    encoded = task.encode_all(rows)
    assert [example.line for example in encoded.examples] == [1, 2]
    assert encoded.truncated == 1
    assert encoded.untrained_lines == [3]
    whole = encode(rows[1], ChatFormat(task.tokenizer))
    assert encoded.examples[1] == Example(whole.input_ids[:40], whole.labels[:40], 2, truncated=True)


def test_rows_that_all_train_nothing_are_an_error_with_their_number() -> None:
    rows = [talk("Hi " * 90, "Hello", line=line) for line in (1, 2)]
    with pytest.raises(DataError, match="None of the 2 rows trains anything within max_length = 40"):
        chat_task(max_length=40).encode_all(rows)


def test_preflight_passes_where_a_turn_end_is_trained_though_pad_is_the_same_token() -> None:
    task = chat_task()
    assert task.tokenizer.pad_token_id == task.tokenizer.eos_token_id == ChatFormat(task.tokenizer).turn_end_id
    task.preflight(task.encode(talk("Hi", "Hello")))


def test_preflight_fails_where_no_turn_end_is_trained() -> None:
    task = chat_task()
    (example,) = task.encode(talk("Hi", "Hello"))
    masked = [IGNORED if label == task.tokenizer.pad_token_id else label for label in example.labels]
    with pytest.raises(ModelError, match=r"No row trains <\|im_end\|>"):
        task.preflight([Example(example.input_ids, masked, 1)])
    with pytest.raises(ModelError, match="writes no special token after the assistant's turn"):
        chat_task(NO_END).preflight([example])
