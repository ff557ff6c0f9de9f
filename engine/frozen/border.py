"""The border between a frozen part and the head above it, over which states pass that were computed before."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from ..encoding.states import PLACES, ROW


class Border:
    """Made once for a model: from then on a batch that brings states is read by the head alone."""

    def __init__(self, model: nn.Module, backbone: nn.Module) -> None:
        self._compute, self._output = backbone.forward, dict[str, Tensor]
        self._brought = dict[str, Tensor]()
        # None while nobody asks for them: they would be kept from batch to batch.
        self._made: dict[str, Tensor] | None = None
        model.register_forward_pre_hook(self._take, with_kwargs=True)
        backbone.forward = self._pass

    def _take(self, model: nn.Module, arguments: tuple[Any, ...], inputs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        self._brought = {name: inputs[name] for name in (PLACES, ROW) if name in inputs}
        return arguments, {name: value for name, value in inputs.items() if name not in self._brought}

    def _pass(self, *arguments: Any, **inputs: Any) -> Any:
        if self._brought:
            return self._output(**self._brought)
        output = self._compute(*arguments, **inputs)
        self._output = type(output)
        if self._made is not None:
            self._made = {name: output[name] for name in (PLACES, ROW) if output.get(name) is not None}
        return output

    def made_in(self, work: Callable[[], object]) -> dict[str, Tensor]:
        """The states of the batch that the work puts through the model: (rows, length, width) and (rows, width)."""
        self._made = {}
        try:
            work()
            return self._made
        finally:
            self._made = None
