"""A disk that is really full: a small filesystem of its own, mounted for one process (FAULTS 6, 7)."""

import subprocess
import sys
from pathlib import Path

import pytest
from tunedeck.engine.faults import saves
from tunedeck.engine.faults.lab import Lab

# Whoever may make a namespace may mount a filesystem in it, root or not; it is gone with the process.
MOUNTED = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec"]
MOUNT = 'mount -t tmpfs -o "size=$0" none "$1"; '


def on_disk_of(size: str, folder: Path, script: str, *arguments: str) -> str:
    """What the shell's script prints, with that folder as a disk of that size; arguments count from $2."""
    command = [*MOUNTED, MOUNT + script, size, str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("no filesystem can be mounted here")
    return done.stdout + done.stderr


SAVE = '"$2" -P -m tunedeck.engine.faults.writer "$3" "$4" "$5" || ls -A "$1"'


@pytest.mark.parametrize(
    ("size", "left", "said"),
    [
        ("800k", "", "checkpoint 1 could not be written to"),
        # Room for the first, and not for twice its size: the second is not begun.
        ("2500k", "checkpoint-1", "no checkpoint: "),
    ],
)
def test_what_has_no_room_is_refused_and_leaves_nothing(lab: Lab, size: str, left: str, said: str) -> None:
    run = saves.begin(lab)
    folder = lab.home.run(run.id).checkpoints
    folder.mkdir(parents=True, exist_ok=True)
    told = on_disk_of(size, folder, SAVE, sys.executable, str(lab.home.root), run.id, str(lab.attempt(run).id))
    refusal = next(line for line in told.splitlines() if "DiskFull: " in line)
    assert said in refusal and str(folder) in refusal and " MB free" in refusal
    assert ("No space left on device" in refusal) == (not left)
    assert [line for line in told.splitlines() if line.startswith("checkpoint-")] == [left] * bool(left)


FILL = """
import contextlib, sys
from pathlib import Path
from tunedeck.engine.session import Session
from tunedeck.store import attempts, database, events, runs
from tunedeck.store.paths import Home

disk = Path(sys.argv[1])
home = Home(disk / "home")
db = database.connect(home)
run = runs.queue(db, home, name="full", config="{}", versions={}, fingerprint="")
session = Session(home, run.id, attempts.start(db, run.id).id)
ballast = disk / "ballast"
with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
    while file.write(bytes(4096)):
        pass
for number in range(300):
    session.event(f"{number} " + "x" * 500)
waited = len(session.spool)
ballast.unlink()
session.close()
kept = [int(event.text.split()[0]) for event in events.of_run(db, run.id)]
print("waited:", waited > 100, "missing:", sorted(set(range(300)) - {*kept}), "twice:", len(kept) - len({*kept}))
"""


def test_a_store_on_a_full_disk_has_every_row_once_there_is_room(tmp_path: Path) -> None:
    told = on_disk_of("12m", tmp_path, '"$2" -P -c "$3" "$1"', sys.executable, FILL)
    assert told.splitlines()[-1] == "waited: True missing: [] twice: 0", told[-2000:]
