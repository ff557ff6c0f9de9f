"""SIGKILL at random moments: nothing acknowledged is lost, and the run goes the way it would have (FAULTS 3, 4)."""

import os
import random

import pytest
from labs import OpenLab
from tally import Tally
from tunedeck.engine.faults import kills, saves
from tunedeck.engine.faults.lab import Lab
from tunedeck.store import checkpoints, metrics

KILLS, STEPS = 40, 900
SEED = int(os.environ.get("TUNEDECK_SOAK_SEED", random.randrange(10**6)))


@pytest.fixture
def draw() -> random.Random:
    print(f"TUNEDECK_SOAK_SEED={SEED}")
    return random.Random(SEED)


@pytest.mark.slow
def test_forty_kills_at_random_moments_lose_nothing(open_lab: OpenLab, draw: random.Random, tally: Tally) -> None:
    calm, lab = open_lab("calm"), open_lab("killed")
    straight, run = (each.queue(name="killed", max_steps=STEPS) for each in (calm, lab))
    calm.start_runner()
    assert calm.wait_until_ended(straight).state == "completed"
    lab.start_runner()
    for _ in range(KILLS):
        tally.add(kills.kill(lab, run, draw))
        lab.go_on(run)
    assert lab.wait_until_ended(run, 300).state == "completed"
    assert kills.differing(kills.losses(lab, run), kills.losses(calm, straight)) == []
    assert metrics.series(lab.db, run.id, "loss") == metrics.series(calm.db, straight.id, "loss")
    on_disk = {path.name for path in lab.home.run(run.id).checkpoints.iterdir()}
    assert on_disk == {checkpoints.folder_name(saved.step) for saved in checkpoints.of_run(lab.db, run.id)}


@pytest.mark.parametrize("times", [pytest.param(40, marks=pytest.mark.slow), 8])
def test_kills_in_mid_save_leave_the_newest_listed_checkpoint_whole(
    times: int, lab: Lab, draw: random.Random, tally: Tally
) -> None:
    run = saves.begin(lab)
    for _ in range(times):
        tally.add(saves.kill(lab, run, draw))
    assert len(checkpoints.of_run(lab.db, run.id)) >= 1


def test_a_loss_would_be_seen(lab: Lab, draw: random.Random) -> None:
    run = saves.begin(lab)
    while not checkpoints.of_run(lab.db, run.id):
        saves.kill(lab, run, draw)
    newest = checkpoints.of_run(lab.db, run.id)[0]
    folder = lab.home.run(run.id).checkpoints / checkpoints.folder_name(newest.step)
    (folder / "optimizer.pt").write_bytes(b"half")
    assert lab.incomplete(run) == [f"checkpoint {newest.step}: optimizer.pt is damaged"]
    assert kills.differing([(1, 2.0), (2, 1.0)], [(1, 2.0), (2, 1.1), (3, 1.0)]) == [
        "steps [3] are missing", "step 2 has loss 1.0, the straight run 1.1",
    ]  # fmt: skip
