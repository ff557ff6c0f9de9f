"""The locked packages of the tests: each by hash, all that is asked for among them, and nothing of CUDA."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
# Which build of it there is decides the machine; the wrong one brings gigabytes of CUDA.
NOT_LOCKED = {"torch"}
_LOCKED = re.compile(r"^([a-z0-9-]+)==([^ ;]+)( ; [^\\\n]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", re.MULTILINE)


def locked() -> dict[str, set[Version]]:
    """The versions of each package: several where an older Python needs another one."""
    text = (ROOT / ".ci" / "requirements.txt").read_text(encoding="utf-8")
    assert _LOCKED.sub("", text).splitlines() == [
        "# Written by .ci/lock out of pyproject.toml, for Python 3.11 and later; all but torch."
    ]
    found: dict[str, set[Version]] = {}
    for name, version, *_ in _LOCKED.findall(text):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(text) for text in [*project["dependencies"], *project["optional-dependencies"]["test"]]]


def test_all_that_the_tests_ask_for_is_locked_at_a_version_that_fits() -> None:
    versions = locked()
    for requirement in asked_for():
        if requirement.name not in NOT_LOCKED:
            found = versions[canonicalize_name(requirement.name)]
            assert all(requirement.specifier.contains(version) for version in found), f"{requirement}: run .ci/lock"


def test_nothing_of_torch_and_its_libraries_is_locked() -> None:
    assert not [name for name in locked() if re.match(r"torch|triton|cuda-|nvidia-(?!ml-py)", name)]
