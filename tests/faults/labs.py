"""What the fixture `open_lab` is: for the annotations of tests that open several."""

from collections.abc import Callable

from tunedeck.engine.faults.lab import Lab

OpenLab = Callable[[str], Lab]
