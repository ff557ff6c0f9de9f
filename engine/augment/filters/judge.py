"""The filter of labels: a classifier that must find the label of the source in the new row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from ....store.errors import ConfigError
from ...outputs.evaluating import evaluating
from ..editable import Editable
from ..loading import Loaded, Loader
from .filter import Candidate, Objection

_ROWS_AT_ONCE = 32
_MAX_LENGTH = 512


@dataclass(frozen=True)
class Judge:
    """Objects to rows of which it thinks another label likelier, or its own less likely than `least`."""

    loaded: Loaded
    names: Sequence[str]
    least: float

    @classmethod
    def of(cls, name: str, least: float, loader: Loader) -> Self:
        """Raises ModelError for a model that is no classifier, ConfigError for one without single labels."""
        loaded = loader.load(name, "AutoModelForSequenceClassification", "a judge of labels")
        config = loaded.model.config
        names: dict[int, str] = config.id2label or {}  # pyright: ignore[reportAssignmentType]
        if config.problem_type not in (None, "single_label_classification") or len(names) < 2:
            raise ConfigError(
                f"judge is {name}: it doesn't choose one of several labels.", "Name another run.", field="judge"
            )
        return cls(loaded, [names[number] for number in sorted(names)], least)

    def check(self, labels: Sequence[str]) -> None:
        """Raises ConfigError where rows have labels that the judge doesn't know."""
        strange = [label for label in labels if label not in self.names]
        if strange:
            raise ConfigError(
                f"judge is {self.loaded.name}: it doesn't know the label {strange[0][:40] or '(none)'!r}.",
                f"It knows {', '.join(self.names)[:200]}.",
                field="judge",
            )

    def objections(self, candidates: Sequence[Candidate]) -> list[Objection | None]:
        found: list[Objection | None] = []
        for start in range(0, len(candidates), _ROWS_AT_ONCE):
            part = candidates[start : start + _ROWS_AT_ONCE]
            likely = self._probabilities([candidate.made for candidate in part])
            found += [self._objection(one.source.label, row) for one, row in zip(part, likely, strict=True)]
        return found

    def _probabilities(self, rows: Sequence[Editable]) -> list[list[float]]:
        """Of each label for each row, (rows, labels)."""
        tokenizer, model = self.loaded.tokenizer, self.loaded.model
        first, second = zip(*((*row.texts, "")[:2] for row in rows), strict=True)
        texts = (list(first), list(second)) if any(second) else (list(first),)
        length = min(self.loaded.longest, _MAX_LENGTH)
        batch = tokenizer(*texts, padding=True, truncation=True, max_length=length, return_tensors="pt")  # pyright: ignore[reportArgumentType]
        with evaluating(model, self.loaded.arithmetic):
            return model(**batch.to(self.loaded.arithmetic.device)).logits.float().softmax(-1).tolist()

    def _objection(self, label: str, likely: Sequence[float]) -> Objection | None:
        best = max(range(len(likely)), key=likely.__getitem__)
        own = self.names.index(label)
        if best != own:
            return Objection("label-changed", f"the judge finds {self.names[best]} ({likely[best]:.2f}), not {label}")
        if likely[own] < self.least:
            return Objection("label-changed", f"the judge is sure of {label} by {likely[own]:.2f} only")
        return None
