"""A run whose engine hangs: its screen says for how long nothing was heard, and what it did then (FAULTS 27)."""

from contextlib import closing

import every_state
from cockpit import opened
from keyboard import open_run
from tunedeck.store import database, heartbeats
from tunedeck.store.paths import Home


async def test_a_run_that_broke_its_promise_is_told_with_its_phase(seeded: Home) -> None:
    run = every_state.by_name(seeded)["learns"]
    with closing(database.connect(seeded)) as db:
        heartbeats.beat(db, run.id, "evaluating", 120, 20.0)
        db.execute("UPDATE heartbeat SET at = at - 380 WHERE run_id = ?", (run.id,))
    async with opened(seeded, (160, 40)) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("no sign of life for 6", "more than it promised, while evaluating")
