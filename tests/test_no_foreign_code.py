"""No module of ours can run what comes with data or models: no shell, no eval, no pickle (FAULTS S3, S4, S8)."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for folder in ("engine", "store", "tui", "themes") for path in (ROOT / folder).rglob("*.py"))
RUNS = {
    "eval", "exec", "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "pickle.load",
    "pickle.loads", "pickle.Unpickler", "joblib.load", "marshal.loads", "yaml.unsafe_load", "yaml.full_load",
}  # fmt: skip
ALLOWS = {"shell": True, "trust_remote_code": True, "weights_only": False, "allow_pickle": True}


def dangers(source: str) -> Iterator[str]:
    """Each call that could run somebody else's code."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name, told = ast.unparse(call.func), {word.arg: word.value for word in call.keywords}
        values = {word: value.value for word, value in told.items() if isinstance(value, ast.Constant)}
        if name in RUNS:
            yield name
        if name == "torch.load" and values.get("weights_only") is not True:
            yield name
        yield from (f"{name}({word})" for word, value in ALLOWS.items() if values.get(word) is value)


def test_no_module_runs_what_is_not_ours() -> None:
    found = {path.relative_to(ROOT).as_posix(): [*dangers(path.read_text(encoding="utf-8"))] for path in MODULES}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_the_rule_sees_each_way() -> None:
    source = "eval(x); os.system(x); run(x, shell=True); torch.load(x); load(x, trust_remote_code=True); model.eval()"
    assert [*dangers(source)] == ["eval", "os.system", "run(shell)", "torch.load", "load(trust_remote_code)"]
