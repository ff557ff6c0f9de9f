"""Models of the hub: found by words, and asked for nothing but what the list says of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..data.hub import ASK_TIMEOUT_SECONDS
from ..data.hub_faults import told
from . import families
from .described import Model

LIMIT = 20
_EXPANDED = ("downloads", "likes", "gated", "tags", "config", "safetensors")


def search(words: str, limit: int = LIMIT) -> Iterator[Model]:
    """The models whose names have the words and that come as safetensors, the most fetched first.

    Raises DataError where the hub can't be reached.
    """
    from huggingface_hub import constants, utils

    # HfApi.list_models tries for 25 seconds where there is no network, and takes no time limit.
    with told(""):
        asked: dict[str, Any] = {"search": words, "filter": "safetensors", "sort": "downloads", "direction": "-1"}
        response = utils.get_session().get(
            f"{constants.ENDPOINT}/api/models",
            params={**asked, "limit": str(limit), "expand": list(_EXPANDED)},
            headers=utils.build_hf_headers(),
            timeout=ASK_TIMEOUT_SECONDS,
        )
        utils.hf_raise_for_status(response)
        yield from map(_model, response.json())


def _model(found: Mapping[str, Any]) -> Model:
    config: dict[str, Any] = found.get("config") or {}
    tags: list[object] = found.get("tags") or []
    family = families.family(config)
    weights = found.get("safetensors")
    parameters = weights.get("total") if isinstance(weights, dict) else None
    licence = next((str(tag).partition(":")[2] for tag in tags if str(tag).startswith("license:")), "")
    gated = " Ask for access on its page first." if found.get("gated") else ""
    return Model(
        name=str(found["id"]),
        where="hub",
        architecture=families.architecture(config),
        family=family,
        parameters=parameters if isinstance(parameters, int) else None,
        tasks=families.TASKS[family],
        licence=licence,
        note=f"{found.get('downloads') or 0:,} downloads, {found.get('likes') or 0:,} likes.{gated}",
    )
