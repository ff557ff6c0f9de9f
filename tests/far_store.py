"""Every store of a test run as on a network filesystem, without WAL: `pytest --store-on-network` (FAULTS 26)."""

import tempfile
from pathlib import Path

import pytest
from tunedeck.store import database

OPTION = "--store-on-network"
# Read by every Python that is started: there too all filesystems are of the network.
_SITE = """
from tunedeck.store import database
database._NETWORK_FILESYSTEMS |= {mounted!r}
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, action="store_true", help="keep every store as on a network filesystem, without WAL")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption(OPTION):
        patch, folder = pytest.MonkeyPatch(), tempfile.TemporaryDirectory()
        move_away(patch, Path(folder.name))
        config.add_cleanup(folder.cleanup)
        config.add_cleanup(patch.undo)


def move_away(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """All filesystems are of the network now, for this process and, by a file in `folder`, for those that it starts."""
    mounted = {line.split()[2] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()}
    patch.setattr(database, "_NETWORK_FILESYSTEMS", database._NETWORK_FILESYSTEMS | mounted)
    (folder / "sitecustomize.py").write_text(_SITE.format(mounted=mounted), encoding="utf-8")
    patch.setenv("PYTHONPATH", str(folder))
