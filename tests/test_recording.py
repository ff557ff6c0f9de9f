"""The README's moving picture: every line in sight at its time, and nothing in it that is not text."""

from xml.etree import ElementTree

import pytest
from recording import Recording
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def rows(*lines: str) -> list[list[Strip]]:
    return [[Strip([Segment(line, Style(color="#ff0000", bold=True))])] for line in lines]


def test_each_line_is_in_sight_for_as_long_as_it_stood() -> None:
    recording = Recording(10, 2)
    recording.add(rows("always", "first"), 1.0)
    recording.add(rows("always", "then"), 2.0)
    recording.add(rows("always", "first"), 1.0)
    picture = ElementTree.fromstring(recording.svg())
    groups = {group[-1].text: [*group] for group in picture if group.tag.endswith("}g")}
    assert [element.tag.partition("}")[2] for element in groups["always"]] == ["text"]
    assert groups["then"][0].attrib["keyTimes"] == "0.0000;0.2500;0.7500"
    assert groups["then"][0].attrib["values"] == "hidden;visible;hidden"
    assert groups["then"][0].attrib["dur"] == "4.0s"
    assert len([group for group in picture if group.tag.endswith("}g")]) == 4


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "]]>", "a <script>"])
def test_text_stays_text(text: str) -> None:
    recording = Recording(20, 1)
    recording.add(rows(text), 1.0)
    picture = ElementTree.fromstring(recording.svg())
    [drawn] = picture.iter("{http://www.w3.org/2000/svg}text")
    assert (drawn.text, drawn.attrib["fill"], drawn.attrib["font-weight"]) == (text, "#ff0000", "bold")
