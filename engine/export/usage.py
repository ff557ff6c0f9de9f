"""How an export is used, in words of its card: plain transformers and peft, or commands, in the export's own folder."""

from .described import Described

_CHAT = """

messages = [{"role": "user", "content": "Hello"}]
inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
print(tokenizer.decode(model.generate(**inputs, max_new_tokens=64)[0]))"""
_WRITE = """

print(tokenizer.decode(model.generate(**tokenizer("Hello", return_tensors="pt"), max_new_tokens=64)[0]))"""
_SCORE = """

print(model(**tokenizer("Hello", return_tensors="pt")))"""


def question(task: str, *, has_chat_template: bool) -> str:
    """Python that asks a loaded model something: in its chat format, as text, or for its scores."""
    if task == "causal-lm" and has_chat_template:
        return _CHAT
    return _WRITE if task in ("causal-lm", "seq2seq-lm") else _SCORE


def whole(architecture: str, question: str) -> str:
    """Python that loads a whole model and asks it something."""
    load = f"""\
from transformers import AutoTokenizer, {architecture}

model = {architecture}.from_pretrained(".")
tokenizer = AutoTokenizer.from_pretrained(".")"""
    return load + question


def adapter(described: Described, question: str) -> str:
    """Python that lays an adapter on its base and asks the model something."""
    place, options, imports = "config.base_model_name_or_path", "", ""
    names = {"AutoTokenizer", described.architecture}
    source = described.base.source
    if source.gguf_file:
        place, imports = f"Path({place}).parent", "from pathlib import Path\n\n"
        options += f", gguf_file={source.gguf_file!r}"
    if not source.is_local:
        options += f", revision={source.revision!r}"
    if described.has_labels:
        names.add("AutoConfig")
        options += ', config=AutoConfig.from_pretrained(".")'
    load = f"""\
{imports}from peft import PeftConfig, PeftModel
from transformers import {", ".join(sorted(names))}

config = PeftConfig.from_pretrained(".")
base = {described.architecture}.from_pretrained({place}{options})
model = PeftModel.from_pretrained(base, ".")
tokenizer = AutoTokenizer.from_pretrained(".")"""
    return load + question


def ollama(name: str) -> str:
    """Commands that give the folder to Ollama."""
    return f"ollama create {name.lower()} -f Modelfile\nollama run {name.lower()}"


def gguf(file: str, name: str) -> str:
    """Commands that let llama.cpp, or Ollama, speak."""
    return f"llama-cli -m {file}\n{ollama(name)}"
