"""The model card: the hub's front matter, what the run's rows say, and nothing that others wrote as markup."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from bench import Bench
from export_runs import adapter_run, checkpoint, export, lora, queued
from huggingface_hub import constants
from transformers import AutoModelForCausalLM, AutoTokenizer
from tunedeck.engine.export import licence, markdown
from tunedeck.engine.export.base import Base
from tunedeck.engine.model.models import ModelSource
from tunedeck.store import attempts, metrics, runs
from tunedeck.store.records import Run

HOSTILE = "# [x](http://evil) <script> ``` `` \n---\nlicense: mit \x1b]0;t\x07 \u202eevil"


def card(bench: Bench, run: Run, to: Path, **wishes: Any) -> tuple[dict[str, Any], str]:
    """The front matter and the text of an export's card."""
    export(bench, run, to, **wishes)
    _, front_matter, text = (to / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front_matter), text


def test_the_card_tells_what_the_rows_tell(bench: Bench, tmp_path: Path) -> None:
    facts, text = card(bench, adapter_run(bench), tmp_path / "out")
    assert facts == {"library_name": "peft", "pipeline_tag": "text-generation", "tags": ["tunedeck", "lora"]}
    assert "A LoRA adapter, tuned from `tiny`; its result, the weights after 8 updates." in text
    assert re.search(r"^loss +5\.0000 +4\.0000  8 updates$", text, re.MULTILINE)
    assert "eval_seconds" not in text and "seconds" not in text.partition("## Data")[0]
    assert "The lowest evaluation loss of the run is 3.5000, after 4 updates." in text
    assert "Trained on `rows.jsonl`, fingerprint `sha256:abc`." in text
    assert "10% of it, split off with seed 42" in text
    assert "\nlearning_rate = 0.001\n" in text and "lr_scheduler_type" not in text
    assert "Trained with `torch` `2.0`; exported on 20" in text


def test_the_folders_of_this_machine_are_not_told(bench: Bench, tmp_path: Path) -> None:
    _, text = card(bench, adapter_run(bench), tmp_path / "out", kind="merged")
    facts = (tmp_path / "out" / "export.json").read_text()
    assert str(tmp_path.parent) not in text + facts and str(bench.home.root.parent) not in text + facts


def test_a_checkpoints_scores_are_those_of_its_step(bench: Bench, tmp_path: Path) -> None:
    made = queued(bench)
    checkpoint(bench, made, 6, lambda folder: lora(bench.model, folder), None)
    _, text = card(bench, made, tmp_path / "out")
    assert re.search(r"^loss +5\.0000 +3\.5000  4 updates$", text, re.MULTILINE)


def test_names_and_prompts_of_others_are_only_text(bench: Bench, tmp_path: Path) -> None:
    made = adapter_run(bench, name=HOSTILE, prompts=[HOSTILE])
    metrics.write(bench.db, attempts.of_run(bench.db, made.id)[-1].id, [(f"eval_f1_{HOSTILE}", 8, 0.5)])
    facts, text = card(bench, made, tmp_path / "out")
    assert "license" not in facts
    assert text.isprintable() or set(filter(lambda character: not character.isprintable(), text)) == {"\n"}
    outside = outside_of_code(text)
    assert "evil" not in outside and "script" not in outside
    assert next(line for line in outside.splitlines() if line.startswith("#")) == "# "
    assert json.loads((tmp_path / "out" / "export.json").read_text())["name"] == made.name


def outside_of_code(text: str) -> str:
    """The text without its fenced blocks and code spans, by CommonMark's rule that a fence ends at its own length."""
    blocks = re.sub(r"^(`{3,})[^`\n]*\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", blocks)


@pytest.mark.parametrize("text", ["plain", "`", "a ``b`` c", "``` x", "", "x `", "\n`\n"])
def test_a_code_span_ends_where_its_text_ends(text: str) -> None:
    span = markdown.code(text)
    assert "\n" not in span and outside_of_code(f"a {span} b") == "a  b"


def test_a_fence_is_longer_than_any_in_its_text() -> None:
    assert markdown.fenced("a\n````\nb", "toml") == "`````toml\na\n````\nb\n`````"


def test_the_line_of_runs_is_told(bench: Bench, tmp_path: Path) -> None:
    first, second = adapter_run(bench, name="first"), adapter_run(bench, name="second")
    gone = adapter_run(bench, name="gone")
    bench.db.execute("UPDATE run SET parent_run = ?, parent_checkpoint = 4 WHERE id = ?", (first.id, second.id))
    bench.db.execute("UPDATE run SET parent_run = ? WHERE id = ?", (gone.id, first.id))
    bench.db.execute("PRAGMA foreign_keys = OFF")
    bench.db.execute("DELETE FROM metric WHERE attempt_id IN (SELECT id FROM attempt WHERE run_id = ?)", (gone.id,))
    bench.db.execute("DELETE FROM run WHERE id = ?", (gone.id,))
    bench.db.execute("PRAGMA foreign_keys = ON")
    _, text = card(bench, runs.get(bench.db, second.id), tmp_path / "out")
    assert f"* Started from run `first` (`{first.id}`), its checkpoint after 4 updates." in text
    assert f"* Started from run `{gone.id}`, now deleted." in text


@pytest.mark.parametrize(
    ("stated", "identifier"),
    [
        ("---\nlicense: apache-2.0\n---\n# Model", "apache-2.0"),
        ("\ufeff---\r\nlicense: mit\r\n---\r\n", "mit"),
        ("---\nlicense: [a, b]\n---\n", ""),
        ("---\nlicense: 'a\n\n  # b'\n---\n", ""),
        ("---\nlicense: *x\n---\n", ""),
        ("---\n- mit\n---\n", ""),
        ("license: mit", ""),
        ("---\n" + "[" * 5000, ""),
    ],
)
def test_the_licence_of_a_folder_is_what_its_card_states(tmp_path: Path, stated: str, identifier: str) -> None:
    (tmp_path / "README.md").write_text(stated, encoding="utf-8", newline="")
    (tmp_path / "config.json").write_text("{}")
    found = licence.of_base(Base(str(tmp_path), ModelSource(str(tmp_path))))
    assert found == licence.Licence(identifier, "the model's own folder")


def test_a_hub_models_licence_is_read_in_its_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached = tmp_path / "models--someone--model-7b"
    for path, text in (("refs/main", "0" * 40), (f"snapshots/{'0' * 40}/README.md", "---\nlicense: llama3.1\n---\n")):
        (cached / path).parent.mkdir(parents=True)
        (cached / path).write_text(text)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    found = licence.of_base(Base("someone/model-7b", ModelSource("someone/model-7b")))
    assert found == licence.Licence("llama3.1", "the card of someone/model-7b on the hub")
    assert licence.of_base(Base("someone/other", ModelSource("someone/other"))).identifier == ""


def test_the_licence_is_in_the_front_matter(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "base"
    AutoModelForCausalLM.from_pretrained(bench.model).save_pretrained(folder)
    AutoTokenizer.from_pretrained(bench.model).save_pretrained(folder)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    monkeypatch.setattr(bench, "model", folder)
    facts, text = card(bench, adapter_run(bench), tmp_path / "out")
    assert facts["license"] == "apache-2.0" and "The base's licence is `apache-2.0`" in text


def test_a_demo_part_has_the_catalogs_licence_and_a_hub_id_its_place(tmp_path: Path) -> None:
    demo = Base("demo:smollm2", ModelSource(str(tmp_path)))
    assert (licence.of_base(demo).identifier, demo.hub_id) == ("apache-2.0", "")
    assert Base("someone/model-7b", ModelSource("someone/model-7b")).hub_id == "someone/model-7b"
    for root in ("/models/x", "./x", "run:abc@result", str(tmp_path)):
        assert Base(root, ModelSource(root)).hub_id == ""
