"""Chat templates taken apart, and the Modelfile made of the pieces."""

import pytest
from tiny_tokenizer import CHATML, make_tokenizer
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast
from tunedeck.engine.export import ollama, turns

DEFAULT_SYSTEM = "{% if messages[0]['role'] != 'system' %}<|im_start|>system\nBe SmolLM<|im_end|>\n{% endif %}" + CHATML
LLAMA3 = (
    "{{ bos_token }}{% for message in messages %}<|start_header_id|>{{ message['role'] }}<|end_header_id|>\n\n"
    "{{ message['content'] | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'user' %}[INST] {{ message['content'] }} [/INST]"
    "{% elif message['role'] == 'assistant' %} {{ message['content'] }}{{ eos_token }}"
    "{% else %}{{ raise_exception('only user and assistant') }}{% endif %}{% endfor %}"
)
THINKING = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if loop.last and message['role'] == 'assistant' %}<think>\n\n</think>\n\n{% endif %}"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
COUNTING = "{% for message in messages %}{{ loop.index }} {{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
SYSTEM_IN_THE_USERS_TURN = (
    "{% for message in messages %}{% if message['role'] == 'user' %}<u>"
    "{% if loop.index == 2 and messages[0]['role'] == 'system' %}{{ messages[0]['content'] }}\n\n{% endif %}"
    "{{ message['content'] }}</u>{% elif message['role'] == 'assistant' %}<a>{{ message['content'] }}</a>{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}<a>{% endif %}"
)


def find(template: str | None) -> turns.Turns | None:
    return turns.find(make_tokenizer(template))


def test_chatml_is_taken_apart() -> None:
    assert find(CHATML) == turns.Turns(
        opening="",
        system=("<|im_start|>system\n", "<|im_end|>\n"),
        user=("<|im_start|>user\n", "<|im_end|>\n"),
        assistant=("<|im_start|>assistant\n", "<|im_end|>\n"),
        generation="<|im_start|>assistant\n",
    )


def test_a_system_prompt_that_is_written_by_default_is_the_opening() -> None:
    found = find(DEFAULT_SYSTEM)
    assert found is not None and found.opening == "<|im_start|>system\nBe SmolLM<|im_end|>\n"
    assert found.system == ("<|im_start|>system\n", "<|im_end|>\n")


def test_a_last_answer_with_its_thoughts_does_not_hide_how_earlier_ones_are_written() -> None:
    assert find(THINKING) == find(CHATML)


def test_a_template_that_refuses_a_system_turn_has_none() -> None:
    found = find(MISTRAL)
    assert found is not None and found.system is None
    assert (found.user, found.assistant) == (("[INST] ", " [/INST]"), (" ", "<|im_end|>"))


def test_a_system_text_inside_the_users_turn_is_no_turn() -> None:
    found = find(SYSTEM_IN_THE_USERS_TURN)
    assert found is not None and found.system is None


@pytest.mark.parametrize(
    "template",
    [
        None,
        COUNTING,
        CHATML + "{{ strftime_now('%d %b %Y') }}",
        "{{ messages[5]['content'].x.y }}",
        CHATML + "{{ 1/0 }}",
    ],
)
def test_what_is_more_than_pieces_is_not_taken_for_simple(template: str | None) -> None:
    assert find(template) is None


def test_the_modelfile_of_chatml() -> None:
    assert ollama.modelfile(make_tokenizer()) == (
        'FROM .\nTEMPLATE """{{ if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}'
        '{{ range .Messages }}{{ if eq .Role "user" }}<|im_start|>user\n{{ .Content }}<|im_end|>\n'
        '{{ else if eq .Role "assistant" }}<|im_start|>assistant\n{{ .Content }}<|im_end|>\n{{ end }}{{ end }}'
        '<|im_start|>assistant\n"""\nPARAMETER stop "<|im_end|>"\n',
        [],
    )


def test_a_default_system_prompt_gives_way_to_the_users() -> None:
    text, notes = ollama.modelfile(make_tokenizer(DEFAULT_SYSTEM), "./x.gguf")
    assert text.startswith("FROM ./x.gguf\n") and notes == []
    assert "{{ .System }}<|im_end|>\n{{ else }}<|im_start|>system\nBe SmolLM<|im_end|>\n{{ end }}" in text


def with_bos(template: str) -> PreTrainedTokenizerFast:
    """A tokenizer that begins every text by itself, as Llama's do."""
    tokenizer = make_tokenizer(template)
    tokenizer.bos_token = "<|endoftext|>"
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single="<|endoftext|> $A", special_tokens=[("<|endoftext|>", 0)]
    )
    return tokenizer


def test_a_beginning_that_the_tokenizer_writes_does_not_stand_there_twice() -> None:
    tokenizer = with_bos(LLAMA3)
    found = turns.find(tokenizer)
    assert found is not None and found.opening == "<|endoftext|>"
    text, _ = ollama.modelfile(tokenizer)
    assert '"""{{ if .System }}<|start_header_id|>system' in text and "<|endoftext|>" not in text


@pytest.mark.parametrize("word", ["{{", '"""', "\r", "\u200b", "{"])
def test_a_piece_that_would_be_read_as_something_else_leaves_the_template_out(word: str) -> None:
    template = CHATML.replace("{{ message['content'] }}", repr(word).join(("{{ ", " }}{{ message['content'] }}")))
    assert find(template) is not None
    text, notes = ollama.modelfile(make_tokenizer(template))
    assert text == 'FROM .\nPARAMETER stop "<|im_end|>"\n'
    assert "has no TEMPLATE" in notes[0]


def test_without_a_chat_template_there_is_nothing_to_write() -> None:
    text, notes = ollama.modelfile(make_tokenizer(None))
    assert text == "FROM .\n" and "has no TEMPLATE" in notes[0]


def test_a_family_that_ollama_does_not_name_is_told() -> None:
    assert ollama.import_note("LlamaForCausalLM") == ""
    assert "this is GPT2LMHeadModel" in ollama.import_note("GPT2LMHeadModel")
