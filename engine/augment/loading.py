"""Models that make or judge rows, loaded to be asked and not trained."""

from dataclasses import dataclass
from pathlib import Path

import transformers
from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ...store.errors import ModelError
from .. import sources
from ..methods import continued
from ..model import heads, models
from ..model.models import ModelSource
from ..model.precision import Arithmetic
from ..session import Session

_USUAL_PLACES = 512


@dataclass(frozen=True)
class Loaded:
    """A model with its tokenizer, on its device."""

    name: str
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    arithmetic: Arithmetic

    @property
    def longest(self) -> int:
        """How many tokens it reads at most; 512 where neither it nor its tokenizer says."""
        places = getattr(self.model.config, "max_position_embeddings", None) or _USUAL_PLACES
        return min(self.tokenizer.model_max_length, places)


@dataclass(frozen=True)
class Loader:
    """Loads models by their names for one run."""

    session: Session
    arithmetic: Arithmetic

    def load(self, name: str, auto_class: str, purpose: str, revision: str = "") -> Loaded:
        """The model of that name with that head; `purpose` says in an error what it is needed for.

        Raises:
            ModelError: it can't be found or loaded, or lacks the head: random weights would make nonsense.
        """
        self.session.enter(f"loading {name}", expect_seconds=300)
        source = sources.resolve(name, revision, home=self.session.home, report=self.session.event)
        config = head_config(source)
        if type(config) not in getattr(transformers, auto_class)._model_mapping:
            raise ModelError(
                f"{name} can't be {purpose}: {config.model_type} models have no such head.", _OTHERS[auto_class]
            )
        model, gaps = models.load_with_gaps(source, self.arithmetic.dtype, auto_class, {"config": config})
        if source.adapter:
            model = continued.merged(model, Path(source.adapter))
        elif gaps:
            raise ModelError(
                f"{name} can't be {purpose}: its files lack {sorted(gaps)[0]}, which would be random.",
                _OTHERS[auto_class],
            )
        tokenizer = models.load_tokenizer(source)
        return Loaded(name, model.to(self.arithmetic.device).eval(), tokenizer, self.arithmetic)  # pyright: ignore[reportArgumentType]


_OTHERS = {
    "AutoModelForMaskedLM": "Name an encoder with its head for masked words, such as google-bert/bert-base-cased.",
    "AutoModelForCausalLM": "Name a model that writes, such as demo:smollm2.",
    "AutoModelForSeq2SeqLM": "Name a model that translates, such as Helsinki-NLP/opus-mt-en-de.",
    "AutoModelForSequenceClassification": "Name a run with the task sequence-classification: run:ID.",
}


def head_config(source: ModelSource) -> PretrainedConfig:
    """The configuration of the model with its labels: that of the adapter, where it has one."""
    own = heads.described(Path(source.adapter)) if source.adapter else None
    return own or models.load_config(source)
