"""What `.ci/audit` makes of what pip-audit says: only a known vulnerability fails, and silence is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).parent.parent / ".ci" / "audit"
VULNERABLE = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["3.1.6"]}]}
WELL, SKIPPED = {"name": "click", "version": "8.1", "vulns": []}, {"name": "ours", "skip_reason": "not there"}


@pytest.mark.parametrize(
    ("output", "exit_code", "said"),
    [
        (json.dumps({"dependencies": [VULNERABLE, WELL, SKIPPED]}), 1, "jinja2 3.1.0: CVE-1, mended in 3.1.6"),
        (json.dumps({"dependencies": [WELL, SKIPPED]}), 0, "1 of 2 packages were looked up among known vulnerab"),
        ("", 0, "Nothing was looked up among known vulnerabilities: it told nothing"),
    ],
)
def test_only_a_known_vulnerability_fails(output: str, exit_code: int, said: str, tmp_path: Path) -> None:
    """A module of pip-audit's name that says what the real one would: that needs the network."""
    (tmp_path / "pip_audit.py").write_text(f"print({output!r})\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, str(AUDIT)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == exit_code and said in done.stdout, done
