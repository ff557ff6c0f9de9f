"""Models: tokenizer and weights, loaded from safetensors or a GGUF file."""

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, TypeVar

import torch
import transformers
from huggingface_hub import HfApi, errors
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoTokenizer,
    GgufConfig,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging

from ...store.errors import ModelError

HUB_TIMEOUT_SECONDS = 10
# torch.OutOfMemoryError is a RuntimeError too, and is let through: it says nothing about the model's files.
LOAD_ERRORS = (OSError, ValueError, RuntimeError, KeyError, SafetensorError, UnpicklingError)

Loaded = TypeVar("Loaded")


@dataclass(frozen=True)
class ModelSource:
    """A local folder (with the name of the GGUF file in it, if it is one), or a repository on the hub at a revision.

    `adapter` is the folder of an adapter that belongs on it.
    """

    path_or_id: str
    gguf_file: str | None = None
    revision: str = "main"
    adapter: str | None = None

    @property
    def is_local(self) -> bool:
        return Path(self.path_or_id).is_dir()

    @property
    def name(self) -> str:
        return str(Path(self.path_or_id) / self.gguf_file) if self.gguf_file else self.path_or_id


def load_tokenizer(source: ModelSource) -> PreTrainedTokenizerBase:
    """Load the tokenizer alone. Raises ModelError where there is none or the hub does not give it."""

    def load(**options: Any) -> PreTrainedTokenizerBase:
        try:
            return AutoTokenizer.from_pretrained(source.path_or_id, gguf_file=source.gguf_file, **options)
        except LOAD_ERRORS:
            raise
        # For a damaged tokenizer.json `tokenizers` raises a bare Exception.
        except Exception as error:
            raise ValueError(str(error)) from error

    return _loaded(source, "tokenizer", load)


def load_config(source: ModelSource) -> PretrainedConfig:
    """Load the configuration alone. Raises ModelError where there is none or the hub does not give it."""
    options = {"gguf_file": source.gguf_file} if source.gguf_file else {}
    return _loaded(source, "config", lambda **more: AutoConfig.from_pretrained(source.path_or_id, **options, **more))


def load_model(source: ModelSource, dtype: torch.dtype) -> PreTrainedModel:
    """Load a causal language model, as `load_with_gaps` does."""
    return load_with_gaps(source, dtype, "AutoModelForCausalLM", {})[0]


def load_with_gaps(
    source: ModelSource, dtype: torch.dtype, auto_class: str, options: Mapping[str, Any]
) -> tuple[PreTrainedModel, set[str]]:
    """Load the weights on the CPU in `dtype`: safetensors only, or a GGUF file unpacked to plain weights.

    `auto_class` is the name of one of transformers' classes; `options` go to its `from_pretrained`. Also the names of
    the weights that the files lack, and that are random therefore.

    Raises ModelError where they can't be found or loaded. Code that comes with a model is never run.
    """
    told: dict[str, Any] = {"dtype": dtype, **options}
    if source.gguf_file:
        # With the `kernels` package installed the weights would otherwise stay packed, and could not be trained.
        told |= {"gguf_file": source.gguf_file, "quantization_config": GgufConfig(dequantize=True)}
    else:
        _refuse_kernels(source)
        told["use_safetensors"] = True
    load = getattr(transformers, auto_class).from_pretrained
    model, found = _loaded(
        source, "model", lambda **more: load(source.path_or_id, **told, output_loading_info=True, **more)
    )
    if source.gguf_file:
        _drop_quantizer(model)
    return model, set(found["missing_keys"])


def _refuse_kernels(source: ModelSource) -> None:
    """A configuration may name attention that is fetched from the hub and run; transformers would do it."""
    told = _loaded(source, "config", lambda **more: PretrainedConfig.get_config_dict(source.path_or_id, **more)[0])
    if kernel := next(_kernels(told), ""):
        raise ModelError(
            f"{source.name} asks for {kernel[:80]} from the hub, which is code.",
            "Take that line out of its config.json, or choose another model.",
        )


def _kernels(told: object, *, is_code: bool = False) -> Iterator[str]:
    if isinstance(told, dict):
        for name, value in told.items():
            yield from _kernels(value, is_code=is_code or str(name).endswith("_implementation"))
    elif is_code and isinstance(told, str) and "/" in told:
        yield told


def _drop_quantizer(model: PreTrainedModel) -> None:
    """Forget that the weights were packed; left in place, saving is refused and loading the result unpacks again."""
    model.__dict__.pop("hf_quantizer", None)
    model.__dict__.pop("is_quantized", None)
    model.config.__dict__.pop("quantization_config", None)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No progress bars and no advice from transformers inside the block; errors are raised all the same."""
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        # The GGUF reader draws its bar with tqdm itself, which can only be turned off where it writes.
        with contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


def _loaded(source: ModelSource, what: str, load: Callable[..., Loaded]) -> Loaded:
    """Load from this machine, and only if the hub's cache lacks it from the hub."""
    try:
        with quiet():
            return load(local_files_only=True, revision=source.revision, trust_remote_code=False)
    except torch.OutOfMemoryError:
        raise
    except LOAD_ERRORS as error:
        if source.is_local or not _is_caused_by(error, errors.LocalEntryNotFoundError):
            raise _load_error(source, what, error) from error
    _ask_hub(source)
    try:
        return load(revision=source.revision, trust_remote_code=False)
    except torch.OutOfMemoryError:
        raise
    except LOAD_ERRORS as error:
        raise _hub_error(source.path_or_id, error) or _load_error(source, what, error) from error


def _ask_hub(source: ModelSource) -> None:
    """See in ten seconds at most whether the hub has the repository; loading itself gives up only after 45 s."""
    try:
        HfApi().model_info(source.path_or_id, revision=source.revision, timeout=HUB_TIMEOUT_SECONDS)
    # The hub's library has changed its HTTP library twice, and lets the errors of the present one through.
    except Exception as error:
        raise _hub_error(source.path_or_id, error) or _unreachable(source.path_or_id) from error


def _hub_error(repository: str, error: BaseException) -> ModelError | None:
    if _is_caused_by(error, errors.GatedRepoError):
        return ModelError(
            f"The hub gives {repository} only to those who accepted its terms.",
            f"Accept them at https://huggingface.co/{repository} and log in with: hf auth login",
        )
    if _is_caused_by(error, errors.RevisionNotFoundError):
        return ModelError(f"{repository} has no such revision on the hub.", "Check the knob revision; empty is main.")
    if _is_caused_by(error, errors.RepositoryNotFoundError):
        return ModelError(
            f"There is no folder and no repository on the hub named {repository}, or it is private.",
            "Check the name; for a private one log in with: hf auth login",
        )
    if _is_caused_by(error, errors.LocalEntryNotFoundError):
        return _unreachable(repository)
    if status := _status(error):
        return ModelError(f"{repository} can't be fetched: the hub answers with error {status}.", "Try again later.")
    return None


def _status(error: BaseException) -> int | None:
    """The number of the error that the hub answered with; that it lacks a file is told of the file."""
    numbers = (getattr(getattr(one, "response", None), "status_code", None) for one in _chain(error))
    return next((number for number in numbers if number and number != 404), None)


def _unreachable(repository: str) -> ModelError:
    return ModelError(
        f"{repository} is neither a folder here nor in the hub's cache, and the hub can't be reached.",
        "Copy the model's folder to this machine and name it, or try demo:smollm2.",
    )


def _load_error(source: ModelSource, what: str, error: BaseException) -> ModelError:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
    if "no file named" in reason or isinstance(error, UnpicklingError):
        return ModelError(
            f"{source.name} has no weights as safetensors.",
            "Other formats can run code when loaded, and are not; convert the weights to safetensors.",
        )
    if "custom code" in reason:
        return ModelError(f"{source.name} needs code of its own, which is never run.", "Choose another model.")
    if what == "tokenizer" and "backend tokenizer" in reason:
        return ModelError(f"{source.name} has no tokenizer.", "Put its tokenizer.json beside config.json.")
    return ModelError(f"The {what} of {source.name} can't be loaded: {reason}.", "Check that its files are whole.")


def _is_caused_by(error: BaseException | None, *kinds: type[BaseException]) -> bool:
    return any(isinstance(one, kinds) for one in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
