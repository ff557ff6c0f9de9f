"""`tunedeck system`: devices, processes, memory, disk and the queue."""

import time

import click

from ...store import database
from ...store.paths import Home
from ..machine import telling
from ..machine.machine import Machine, short
from ..machine.reader import Reader
from ..machine.taken import Taken
from ..widgets.cells import split_cell
from .output import JSON_OPTION, say, say_json, say_table


@click.command()
@click.option("--watch", is_flag=True, help="Go on, a line a second, until ctrl+c.")
@JSON_OPTION
def system(watch: bool, as_json: bool) -> None:
    """Show devices and who is on them, processor, memory, disk left for checkpoints, and the queue."""
    home = Home.default()
    taken = Taken(home)
    reader = Reader(home, taken)
    if watch:
        taken.start()
        for machine in reader.follow():
            say_json(machine.facts()) if as_json else say(f"{time.strftime('%H:%M:%S')}  {_line(machine)}")
        return
    taken.measure()
    machine = reader.read(database.connect(home))
    say_json(machine.facts()) if as_json else _print(machine)


def _line(machine: Machine) -> str:
    memory = machine.memory
    ram = f"ram {telling.memory(memory.used_bytes)} of {telling.memory(memory.total_bytes)}"
    return f"{short(machine)}  {ram}  {telling.room(machine.disk)}"


def _print(machine: Machine) -> None:
    titles = [column.title for column in telling.COLUMNS]
    say_table(titles, [[split_cell(cell)[0] for cell in row.cells] for row in telling.rows(machine)])
