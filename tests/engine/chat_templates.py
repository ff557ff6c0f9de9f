"""Chat templates of model families, with the special tokens that a tokenizer has to have for them."""

import re
from dataclasses import dataclass

from tiny_tokenizer import make_tokenizer
from transformers import PreTrainedTokenizerFast

MARK = re.compile(r"\{%-? *(end)?generation *-?%\}")


@dataclass(frozen=True)
class Family:
    """A template as it is published, and the same with `{% generation %}` around what the assistant says."""

    published: str
    marked: str
    bos_token: str
    eos_token: str
    special_tokens: tuple[str, ...] = ()
    takes_system: bool = True

    def tokenizer(self, template: str | None = None) -> PreTrainedTokenizerFast:
        """The tiny tokenizer with the family's tokens; as in many models, pad is the end token too."""
        tokenizer = make_tokenizer(template or self.published)
        tokenizer.add_special_tokens(
            {
                "bos_token": self.bos_token,
                "eos_token": self.eos_token,
                "pad_token": self.eos_token,
                "extra_special_tokens": [*self.special_tokens],
            }
        )
        return tokenizer


def unmarked(template: str) -> str:
    return MARK.sub("", template)


# SmolLM2's: ChatML with a system turn of its own.
CHATML = (
    "{% for message in messages %}"
    "{% if loop.first and message['role'] != 'system' %}{{ '<|im_start|>system\nBe of help.<|im_end|>\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\n' }}"
    "{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] + '<|im_end|>\n' }}{% endgeneration %}"
    "{% else %}{{ message['content'] + '<|im_end|>\n' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# Mistral 7B Instruct's: no system turn, no generation prompt, and a space between `[/INST]` and the answer.
MISTRAL = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}"
    "{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}"
    "{% else %}{% generation %}{{ ' ' + message['content'] + eos_token }}{% endgeneration %}{% endif %}{% endfor %}"
)
# Zephyr's: heads of plain text, the end token before the line break.
ZEPHYR = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\n' }}"
    "{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] + eos_token + '\n' }}{% endgeneration %}"
    "{% else %}{{ message['content'] + eos_token + '\n' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)

FAMILIES = {
    "chatml": Family(unmarked(CHATML), CHATML, "<|im_start|>", "<|im_end|>"),
    "mistral": Family(unmarked(MISTRAL), MISTRAL, "<s>", "</s>", takes_system=False),
    "zephyr": Family(unmarked(ZEPHYR), ZEPHYR, "<s>", "</s>"),
}
