"""The model that was trained, as transformers describes it: its class, its configuration and its labels."""

from dataclasses import dataclass

import transformers
from transformers import PretrainedConfig

from .. import tasks
from ..methods.adapter import LANGUAGE_MODELS
from ..model import heads, models
from ..model.models import ModelSource
from .base import Base
from .origin import Origin


@dataclass(frozen=True)
class Described:
    """The saved weights, what they lie on if they are an adapter, and what `from_pretrained` makes the model of."""

    origin: Origin
    base: Base
    architecture: str
    config: PretrainedConfig
    has_labels: bool


def of(origin: Origin, base: Base) -> Described:
    """A whole model tells it itself; under an adapter it is the base's, with the head of the task and its labels.

    Raises:
        ModelError: the base's configuration can't be had, or the task has no class for it.
    """
    if not origin.is_adapter:
        config = models.load_config(ModelSource(str(origin.folder)))
        return Described(origin, base, (config.architectures or [""])[0], config, has_labels=True)
    base_config = models.load_config(base.source)
    task = tasks.of(origin.config)
    task.check_model(base_config)
    # What a configuration says of its class may be another one (BertModel), or nothing, as in a GGUF file.
    architecture = getattr(transformers, task.auto_class)._model_mapping[type(base_config)].__name__
    config = heads.described(origin.folder)
    has_labels = config is not None and task.peft_type not in LANGUAGE_MODELS
    config = config or base_config
    config.architectures = [architecture]
    return Described(origin, base, architecture, config, has_labels)
