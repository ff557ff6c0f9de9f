"""GGUF by a converter that is not ours: found, run with an environment of its own, and believed when it wrote one."""

import json
import os
from pathlib import Path

import pytest
from bench import Bench
from export_runs import adapter_run, export
from gguf import GGUFReader
from tunedeck.engine.export import converter
from tunedeck.store.errors import ConfigError, UserError
from tunedeck.store.records import Run

# What llama.cpp's does as far as its callers can see: options, an output file, lines on both outputs.
STAND_IN = """\
import json, os, pathlib, sys
import gguf, numpy
outfile, outtype, model = sys.argv[2], sys.argv[4], pathlib.Path(sys.argv[5])
assert (sys.argv[1], sys.argv[3]) == ("--outfile", "--outtype")
config = json.loads((model / "config.json").read_text())
assert outtype == {"float32": "f32", "bfloat16": "bf16"}[config["dtype"]] and (model / "tokenizer.json").is_file()
print("converting", file=sys.stderr)
writer = gguf.GGUFWriter(outfile, "llama")
writer.add_string("test.environment", json.dumps(sorted(os.environ)))
writer.add_tensor("token_embd.weight", numpy.zeros((2, 2), dtype=numpy.float32))
writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()
"""


@pytest.fixture(scope="module")
def run(bench: Bench) -> Run:
    return adapter_run(bench, name="My run!")


@pytest.fixture
def llama_cpp(tmp_path: Path) -> Path:
    """A folder with a converter in it, to change."""
    folder = tmp_path / "llama.cpp"
    folder.mkdir()
    (folder / converter.SCRIPT).write_text(STAND_IN)
    return folder


def test_a_gguf_file_is_made_of_the_merged_weights(
    bench: Bench, run: Run, llama_cpp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    facts = export(bench, run, tmp_path / "out", kind="gguf", llama_cpp=str(llama_cpp))
    assert set(facts["files"]) == {"MANIFEST.json", "Modelfile", "My-run.gguf", "README.md", "export.json"}
    assert facts["logit_difference_merging"] < 1e-5
    assert (tmp_path / "out" / "Modelfile").read_text().startswith("FROM ./My-run.gguf\nTEMPLATE")
    assert "llama-cli -m My-run.gguf\nollama create my-run -f Modelfile" in (tmp_path / "out" / "README.md").read_text()
    told = GGUFReader(tmp_path / "out" / "My-run.gguf").fields["test.environment"].contents()
    seen = set(json.loads(told))
    assert "PATH" in seen and "HF_HUB_OFFLINE" in seen and not seen & {"HF_TOKEN", "PYTHONSAFEPATH"}


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            "raise SystemExit('Model TinyForCausalLM is not supported.')",
            "convert the model: Model Tiny.* not supported.",
        ),
        ("raise SystemExit(3)", "could not convert the model: exit code 3"),
        ("", "ended well but wrote no GGUF file"),
        ("import sys; open(sys.argv[2], 'w').write('damaged')", "ended well but wrote no GGUF file"),
    ],
)
def test_a_converter_that_fails_leaves_nothing(
    bench: Bench, run: Run, llama_cpp: Path, tmp_path: Path, script: str, sentence: str
) -> None:
    (llama_cpp / converter.SCRIPT).write_text(script)
    with pytest.raises(UserError, match=sentence):
        export(bench, run, tmp_path / "out", kind="gguf", llama_cpp=str(llama_cpp))
    assert list(tmp_path.iterdir()) == [llama_cpp]


def test_without_a_converter_it_is_said_how_to_get_one(
    bench: Bench, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match=r"convert_hf_to_gguf.py, which is not on PATH. git clone https"):
        export(bench, run, tmp_path / "out", kind="gguf")
    with pytest.raises(ConfigError, match=r"holds no convert_hf_to_gguf.py"):
        export(bench, run, tmp_path / "out", kind="gguf", llama_cpp=str(tmp_path))


def test_a_converter_on_the_path_is_found(llama_cpp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (llama_cpp / converter.SCRIPT).chmod(0o755)
    monkeypatch.setenv("PATH", str(llama_cpp), prepend=os.pathsep)
    assert converter.find() == (str(llama_cpp / converter.SCRIPT),)
