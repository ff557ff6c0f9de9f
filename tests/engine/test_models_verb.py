"""The models of this machine: each kind is found and described by its files, whatever else lies there."""

import json
import struct
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import gguf
import numpy as np
import pytest
from bench import Bench
from in_process import train_here
from tiny_models import save_bert, save_t5
from transformers.models.auto import modeling_auto
from tunedeck.engine.estimate import formula, weight_files
from tunedeck.engine.estimate.device import Device
from tunedeck.engine.shelf import described, families
from tunedeck.engine.shelf.shelf import DEMO_FAMILIES
from tunedeck.engine.verbs import models as verb
from tunedeck.store import catalog, paths
from tunedeck.store.errors import DataError, ModelError

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "hub"
    # `scan_cache_dir` reads it when it is called.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder))
    monkeypatch.setattr("huggingface_hub.utils._cache_manager.HF_HUB_CACHE", str(folder), raising=False)
    # A run in this process has asked for no more of the network.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    return folder


def listed(capsys: pytest.CaptureFixture[Any], *arguments: str) -> dict[str, dict[str, Any]]:
    """What the verb prints, by name."""
    capsys.readouterr()
    verb.run(list(arguments))
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {model["name"]: model for model in found}


def cached(hub: Path, repository: str, model: Path, commit: str = COMMIT) -> Path:
    """A repository in the hub's cache: blobs, a snapshot that links to them, and the branch main."""
    folder = hub / f"models--{repository.replace('/', '--')}"
    snapshot, blobs = folder / "snapshots" / commit, folder / "blobs"
    for each in (snapshot, blobs, folder / "refs"):
        each.mkdir(parents=True)
    (folder / "refs" / "main").write_text(commit)
    for number, file in enumerate(sorted(model.iterdir())):
        (blobs / f"{number:040x}").write_bytes(file.read_bytes())
        (snapshot / file.name).symlink_to(blobs / f"{number:040x}")
    return snapshot


def test_demo_parts_are_listed_before_they_are_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    found = listed(capsys)
    assert set(found) == set(DEMO_FAMILIES) == {part.name for part in catalog.PARTS if part.kind == "model"}
    smollm2 = found["demo:smollm2"]
    assert (smollm2["where"], smollm2["path"], smollm2["licence"]) == ("demo", "", "apache-2.0")
    assert smollm2["tasks"][0] == "causal-lm" and found["demo:minilm"]["family"] == "bert"
    assert smollm2["fits"] == {"lora": None, "full": None} and "Not fetched yet" in smollm2["note"]


def test_a_fetched_demo_part_is_described_by_its_files(capsys: pytest.CaptureFixture[str]) -> None:
    place = paths.cache_folder() / catalog.find("demo:minilm").path
    save_bert(place)
    found = listed(capsys)["demo:minilm"]
    assert (found["family"], found["architecture"], found["path"]) == ("bert", "BertModel", str(place))
    assert found["parameters"] == weight_files.parameters(weight_files.of(place)) > 10_000
    assert found["tasks"] == ["sequence-classification", "token-classification", "question-answering"]
    assert found["fits"] == {"lora": True, "full": True}


def test_the_hubs_cache_is_read_offline(
    hub_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    model = save_t5(tmp_path / "t5")
    (model / "README.md").write_text("---\nlanguage: en\nlicense: mit\n---\n# A card\n")
    snapshot = cached(hub_cache, "some/t5", model)
    (hub_cache / "models--some--nothing" / "snapshots" / COMMIT).mkdir(parents=True)
    found = listed(capsys)
    assert "some/nothing" not in found
    assert found["some/t5"]["where"] == "hub-cache" and found["some/t5"]["path"] == str(snapshot)
    assert (found["some/t5"]["family"], found["some/t5"]["tasks"]) == ("t5", ["seq2seq-lm"])
    assert found["some/t5"]["licence"] == "mit" and found["some/t5"]["size_bytes"] > 1000


def test_folders_that_were_named_or_used_and_results_of_runs(
    bench: Bench, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUNEDECK_HOME", str(bench.home.root))
    adapted, whole = train_here(bench, bench.queue()), train_here(bench, bench.queue(method="full"))
    bert = save_bert(tmp_path / "bert")
    found = listed(capfd, "--folder", str(bert))
    assert found[str(bert)]["where"] == found[str(bench.model)]["where"] == "folder"
    base, run = found[str(bench.model)], found[f"run:{adapted.id}"]
    assert (run["where"], run["label"], run["tasks"][0]) == ("run", adapted.name, "causal-lm")
    assert run["parameters"] == base["parameters"] and run["size_bytes"] < base["size_bytes"] * 2
    assert run["note"] == f"The result of {adapted.name}: an adapter on {bench.model}."
    assert found[f"run:{whole.id}"]["parameters"] == base["parameters"]
    assert found[f"run:{whole.id}"]["architecture"] == "LlamaForCausalLM"


def test_a_gguf_file_is_described_by_its_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "tiny.gguf"
    writer = gguf.GGUFWriter(place, "llama")
    writer.add_tensor("token_embd.weight", np.zeros((40, 16), np.float32))
    writer.add_tensor("blk.0.ffn_up.weight", np.zeros((32, 16), np.float32))
    for write in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file):
        write()
    writer.close()
    found = listed(capsys, f"--folder={place}")[str(place)]
    assert (found["where"], found["parameters"], found["family"]) == ("gguf", 40 * 16 + 32 * 16, "gpt")
    assert found["fits"] == {"lora": True, "full": True}


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "can't be read"), (struct.pack("<Q", 2**60) + b"{}", "can't be read"), (None, "has no weights")],
)
def test_a_damaged_model_is_listed_with_what_is_wrong(
    content: bytes | None, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = save_bert(tmp_path / "bert")
    weights = folder / "model.safetensors"
    weights.unlink() if content is None else weights.write_bytes(content)
    found = listed(capsys, "--folder", str(folder))[str(folder)]
    assert reason in found["note"] and found["parameters"] is None and found["tasks"] == []
    with pytest.raises(ModelError, match=reason):
        weight_files.of(folder)


@pytest.mark.parametrize("config", ["", "[]", '{"architectures": 3}', '{"text_config": [], "hidden_size": "x"}'])
def test_a_strange_configuration_harms_nothing(config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = save_bert(tmp_path / "bert")
    (folder / "config.json").write_text(config)
    found = listed(capsys, "--folder", str(folder))[str(folder)]
    assert found["family"] == "" and found["fits"] == {"lora": None, "full": None}


def test_code_of_its_own_is_named_and_suits_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = save_bert(tmp_path / "bert")
    config = json.loads((folder / "config.json").read_text()) | {"auto_map": {"AutoModel": "evil.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    found = listed(capsys, "--folder", str(folder))[str(folder)]
    assert found["tasks"] == [] and "never run" in found["note"]


def test_families_agree_with_transformers() -> None:
    writers: Mapping[str, str] = modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    readers: Mapping[str, str] = modeling_auto.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES
    masked: Mapping[str, str] = modeling_auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES
    assert set(masked) >= families.ENCODERS
    # Of those that are left out, none reads in both directions alone.
    for name in families.ENCODERS:
        assert name in readers, name
    for name, architecture in writers.items():
        if name not in families.ENCODERS:
            told = {"model_type": name, "architectures": [architecture]}
            assert families.family(told) in ("gpt", ""), name
    assert families.family({"model_type": "bart", "is_encoder_decoder": True}) == "t5"


@pytest.mark.parametrize(("gigabytes", "fits"), [(100, (True, True)), (24, (True, False)), (4, (False, False))])
def test_a_model_of_a_billion_weights_fits_where_there_is_room(gigabytes: int, fits: tuple[bool, bool]) -> None:
    # Llama-3.2-1B.
    size = formula.Size(1_235_814_400, 2048, 16, 128_256)
    device = Device("cuda", "a GPU", gigabytes * 10**9, gigabytes * 10**9)
    assert tuple(described.fits(size, device).values()) == fits


def test_a_search_asks_the_hub_and_tells_no_token(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with pytest.raises(DataError, match="The search failed: the hub can't be reached") as raised:
        listed(capsys, "--search", "smollm2")
    assert "hf_secret" not in str(raised.value)


ANSWER = [
    {
        "id": "some/model", "downloads": 1200, "likes": 3, "gated": "manual", "tags": ["license:apache-2.0", "en"],
        "config": {"architectures": ["LlamaForCausalLM"], "model_type": "llama"},
        "safetensors": {"total": 135_000_000},
    },
    {"id": "some/other"},
]  # fmt: skip


class Hub(BaseHTTPRequestHandler):
    """A hub with two models."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = parse_qs(url.query)
        found = ANSWER if asked["search"] == ["some"] and asked["limit"] == ["20"] else []
        body = json.dumps(found if url.path == "/api/models" else None).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's output is its own."""


def test_what_the_hub_says_of_models_is_listed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        found = listed(capsys, "--search", "some")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert found["some/model"]["note"] == "1,200 downloads, 3 likes. Ask for access on its page first."
    assert (found["some/model"]["parameters"], found["some/model"]["licence"]) == (135_000_000, "apache-2.0")
    assert found["some/model"]["family"] == "gpt" and found["some/other"]["parameters"] is None


def test_the_formula_is_near_to_what_is_counted() -> None:
    assert formula.block_bytes(8 * 128, 576, 30) == pytest.approx(1_681_000_000, rel=0.3)
