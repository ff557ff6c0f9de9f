"""A model's blocks compiled by torch: what is done element by element melts into few loops over the memory."""

from contextlib import AbstractContextManager
from pathlib import Path

import torch
from torch import nn
from torch._dynamo.exc import TorchDynamoException
from torch._inductor.exc import InvalidCxxCompiler

from ..methods.parts import parts

# What a compilation that fails raises.
COMPILE_ERRORS = (TorchDynamoException, InvalidCxxCompiler)


def compile_blocks(model: nn.Module) -> None:
    """Have the blocks compiled when they are called next: as they are alike, one of thirty is paid for.

    Names, weights and what is saved stay as they are. What melts into one is rounded to bf16 in between all the same,
    which costs nothing: the loss of SmolLM2-135M is 0.1% from that of plain blocks, and would be 0.5% without.

    Raises:
        InvalidCxxCompiler: a processor needs one, and there is none.
    """
    if next(model.parameters()).device.type == "cpu":
        # Else it would be missed only after the graphs are made.
        from torch._inductor.cpp_builder import get_cpp_compiler

        get_cpp_compiler()
        _keep_headers()
    for block in parts(model).blocks:
        # Rows differ in length from batch to batch.
        block.compile(dynamic=True, options={"emulate_precision_casts": True})


def _keep_headers() -> None:
    """Have the headers that torch compiles once for all of its kernels lie where the kernels do: it has them in the
    temporary folder whatever TORCHINDUCTOR_CACHE_DIR says, where others could have put theirs before."""
    from torch._inductor import codecache
    from torch._inductor.runtime.cache_dir_utils import cache_dir

    headers = Path(cache_dir()) / "precompiled_headers"
    codecache._HEADER_DIR, codecache._HEADER_LOCK_DIR = str(headers), str(headers / "locks")


def forgive_later_faults() -> None:
    """From now on a batch of another kind that can't be compiled is computed without; torch's log says so."""
    torch._dynamo.config.suppress_errors = True


def is_compiled(model: nn.Module) -> bool:
    """Whether the blocks are, or will be when they are called next."""
    return any(block._compiled_call_impl is not None for block in parts(model).blocks)


def undo(model: nn.Module) -> None:
    """The blocks as they were."""
    for block in parts(model).blocks:
        # nn.Module.compile has no way back of its own.
        block._compiled_call_impl = None


def eagerly() -> AbstractContextManager[None]:
    """A context in which nothing is compiled: an evaluation, whose graph would be another one, pays for none."""
    return torch.compiler.set_stance("force_eager")  # pyright: ignore[reportReturnType]


def reason(error: Exception) -> str:
    """Why it could not be compiled, in a line."""
    if isinstance(error, InvalidCxxCompiler):
        return "there is no C++ compiler here, such as g++"
    # torch wraps the cause in a text that begins with the backend's name and goes on with advice.
    cause = error.__cause__ or error
    return next((line.strip() for line in str(cause).splitlines() if line.strip()), type(cause).__name__)[:200]
