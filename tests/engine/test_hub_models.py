"""Models that the hub does not give: each refusal a sentence with what to do, and without the token (FAULTS 32)."""

import pytest
from stub_hub import serving
from tunedeck.engine import sources
from tunedeck.engine.model import models
from tunedeck.store.errors import ModelError

TOKEN = "hf_secret_of_the_user"
REFUSED = {
    "them/gated": "The hub gives them/gated only to those who accepted its terms. "
    "Accept them at https://huggingface.co/them/gated and log in with: hf auth login",
    "them/private": "There is no folder and no repository on the hub named them/private, or it is private. "
    "Check the name; for a private one log in with: hf auth login",
    "them/broken": "them/broken can't be fetched: the hub answers with error 500. Try again later.",
}


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    # A run that was trained in this process leaves the library offline.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)


def refusal(name: str) -> str:
    with pytest.raises(ModelError) as refused:
        models.load_config(sources.resolve(name))
    return str(refused.value)


def test_each_refusal_of_a_model_is_a_sentence_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving({}) as (address, asked):
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
        assert {name: refusal(name) for name in REFUSED} == REFUSED
    assert TOKEN not in "".join(capfd.readouterr())
    # The hub alone is told.
    assert len([one for one in asked if "/models/" in one and TOKEN in one]) == len(REFUSED)


def test_a_hub_that_hangs_or_is_not_there_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "HUB_TIMEOUT_SECONDS", 1)
    with serving({}, hangs_seconds=2) as (address, _):
        for place in (address, "http://127.0.0.1:9"):
            monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", place)
            assert refusal("me/far").startswith(
                "me/far is neither a folder here nor in the hub's cache, and the hub can't be reached."
            )
