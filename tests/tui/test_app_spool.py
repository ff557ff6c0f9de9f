"""A store that an engine can't write is told on the screen of its run, as long as that lasts (FAULTS 7)."""

import every_state
from cockpit import opened
from keyboard import open_run
from tunedeck.store.paths import Home

TOLD = "! store can't be written: rows wait in a file"


async def test_the_screen_of_a_run_says_that_rows_wait_for_the_store(seeded: Home) -> None:
    run = every_state.by_name(seeded)["learns"]
    seeded.run(run.id).spool.touch()
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown(TOLD)
        seeded.run(run.id).spool.unlink()
        await cockpit.until(lambda: TOLD not in "".join(cockpit.picture()), "it is no longer said")
