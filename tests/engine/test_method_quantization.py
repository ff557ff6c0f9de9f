"""QLoRA is refused where it can't run."""

import importlib.util

import pytest
from method_families import knobs
from tunedeck.engine.methods.quantization import four_bit, quantization
from tunedeck.store.errors import ConfigError


@pytest.mark.parametrize("method", ["lora", "full"])
def test_other_methods_pack_nothing(method: str) -> None:
    assert quantization(knobs(method=method), "cpu") is None


@pytest.mark.parametrize("device", ["cpu", "mps"])
def test_other_devices_are_refused(device: str) -> None:
    with pytest.raises(ConfigError, match=f"need an NVIDIA GPU, and this run is on {device}") as caught:
        quantization(knobs(method="qlora"), device)
    assert caught.value.field == "method"


@pytest.mark.skipif(importlib.util.find_spec("bitsandbytes") is not None, reason="bitsandbytes is installed")
def test_a_missing_package_is_named() -> None:
    with pytest.raises(ConfigError, match="bitsandbytes is not installed"):
        quantization(knobs(method="qlora"), "cuda")


def test_starts_that_change_the_base_are_refused() -> None:
    pytest.importorskip("bitsandbytes")
    with pytest.raises(ConfigError, match="init_lora_weights is pissa: it changes the base"):
        quantization(knobs(method="qlora", init_lora_weights="pissa"), "cuda")


def test_weights_rest_in_four_bits_of_normal_float() -> None:
    packed = four_bit()
    assert (packed.bnb_4bit_quant_type, packed.bnb_4bit_use_double_quant) == ("nf4", True)
