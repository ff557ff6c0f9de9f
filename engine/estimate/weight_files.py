"""The weights of a model as its files tell them: names and shapes from the headers, and nothing of the numbers."""

import math
from pathlib import Path
from typing import NamedTuple

from safetensors import SafetensorError, safe_open

from ...store.errors import ModelError

PATTERN = "*.safetensors"
ADAPTER = "adapter_model.safetensors"


class Weight(NamedTuple):
    """One tensor of a file: its shape, outermost dimension first, and the bytes that it takes there."""

    shape: tuple[int, ...]
    size_bytes: int

    @property
    def parameters(self) -> int:
        return math.prod(self.shape)


Weights = dict[str, Weight]


def of(place: Path) -> Weights:
    """The weights of a `.gguf` file or of a folder of safetensors, in one file or several; of no adapter in it.

    Raises ModelError where there are none, or a header is damaged.
    """
    if place.suffix == ".gguf":
        return _of_gguf(place)
    files = [file for file in sorted(place.glob(PATTERN)) if file.name != ADAPTER]
    if not files:
        raise ModelError(f"{place} has no weights as safetensors.", "Convert the weights to safetensors.")
    return {name: weight for file in files for name, weight in of_file(file).items()}


def of_file(file: Path) -> Weights:
    """The weights of one safetensors file. Raises ModelError where its header is damaged."""
    try:
        with safe_open(file, framework="numpy") as opened:
            slices = {name: opened.get_slice(name) for name in opened.keys()}  # noqa: SIM118 - it is no dict
            return {
                name: Weight(tuple(one.get_shape()), int(math.prod(one.get_shape()) * _item_bytes(one.get_dtype())))
                for name, one in slices.items()
            }
    except (SafetensorError, OSError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ModelError(f"{file} can't be read: {reason}.", "It may be cut off; copy it again.") from error


def _item_bytes(dtype: str) -> float:
    """Of a name such as BF16, I8, F8_E4M3 or BOOL."""
    bits = "".join(character for character in dtype.partition("_")[0] if character.isdecimal())
    return int(bits) / 8 if bits else 1


def _of_gguf(file: Path) -> Weights:
    # Imported here as it takes 0.2 s, and most models do without.
    from gguf import GGUFReader

    try:
        tensors = GGUFReader(str(file)).tensors
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{file} is no GGUF file that can be read: {error}.", "Copy it again.") from error
    # GGUF tells the innermost dimension first.
    return {one.name: Weight(tuple(int(size) for size in reversed(one.shape)), int(one.n_bytes)) for one in tensors}


def parameters(weights: Weights) -> int:
    """How many numbers there are; a table that input and output share stands in the files once."""
    return sum(weight.parameters for weight in weights.values())
