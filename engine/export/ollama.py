"""The Modelfile by which Ollama imports a model: from where, how turns are written, and where an answer ends."""

from transformers import PreTrainedTokenizerBase

from . import turns
from .turns import Turns

# By Ollama's documentation, "Importing a Model"; newer versions know more.
_FAMILIES = ("Llama", "Mistral", "Mixtral", "Gemma", "Phi3")


def modelfile(tokenizer: PreTrainedTokenizerBase, weights: str = ".") -> tuple[str, list[str]]:
    """The Modelfile, and what there is to say about it.

    `weights` is a GGUF file beside it, or `.` for its own folder of safetensors. TEMPLATE is written where the chat
    template is no more than pieces around the contents; there is no SYSTEM, as the run trained with none of its own.
    """
    lines, notes = [f"FROM {weights}"], []
    found = turns.find(tokenizer)
    template = _go_template(_without_bos(found, tokenizer)) if found else None
    if template is None:
        notes.append(
            "The Modelfile has no TEMPLATE: the chat template is more than text around the turns."
            " Ollama looks at the template that comes with the tokenizer, or write one yourself."
        )
    else:
        lines.append(f'TEMPLATE """{template}"""')
    if found and template and found.system is None:
        notes.append("A system prompt has no effect: the chat template has no system turn of its own.")
    if _is_safe(end := turns.turn_end(tokenizer)) and end and '"' not in end:
        lines.append(f'PARAMETER stop "{end}"')
    return "\n".join(lines) + "\n", notes


def import_note(architecture: str) -> str:
    """A warning where Ollama's documentation does not name the model's family; empty where it does."""
    if architecture.startswith(_FAMILIES):
        return ""
    return (
        f"Ollama's documentation names {', '.join(_FAMILIES)} as what it imports; this is {architecture}."
        " If it refuses, use --as gguf."
    )


def _without_bos(found: Turns, tokenizer: PreTrainedTokenizerBase) -> Turns:
    """Leave out the beginning token where the tokenizer writes it by itself: it would stand there twice."""
    bos = tokenizer.bos_token
    if not isinstance(bos, str) or tokenizer("a")["input_ids"][0] != tokenizer.bos_token_id:
        return found
    system = (found.system[0].removeprefix(bos), found.system[1]) if found.system else None
    return Turns(found.opening.removeprefix(bos), system, found.user, found.assistant, found.generation)


def _go_template(found: Turns) -> str | None:
    """The pieces as a Go template; None where a piece would be read as something else than text."""
    system = found.system or ("", "")
    if not all(map(_is_safe, (found.opening, *system, *found.user, *found.assistant, found.generation))):
        return None
    opening = found.opening
    if found.system:
        otherwise = f"{{{{ else }}}}{opening}" if opening else ""
        opening = f"{{{{ if .System }}}}{system[0]}{{{{ .System }}}}{system[1]}{otherwise}{{{{ end }}}}"
    user, answer = ("{{ .Content }}".join(around) for around in (found.user, found.assistant))
    template = (
        f'{opening}{{{{ range .Messages }}}}{{{{ if eq .Role "user" }}}}{user}'
        f'{{{{ else if eq .Role "assistant" }}}}{answer}{{{{ end }}}}{{{{ end }}}}{found.generation}'
    )
    return None if '"""' in template else template


def _is_safe(text: str) -> bool:
    """Whether the text begins no action of Go, and a Modelfile's reader drops no character of it."""
    return "{{" not in text and not text.endswith("{") and text.replace("\n", "").replace("\t", "").isprintable()
