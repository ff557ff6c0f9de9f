"""What is written to the terminal: after each picture it shows that picture, by fewer bytes than anew."""

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip
from tunedeck.tui.painted import Painted

CONSOLE = Console(color_system="truecolor", force_terminal=True)


def whole(painted: Painted, *lines: str, style: str = "") -> str:
    strips = [[Strip([Segment(line, Style.parse(style) if style else None)])] for line in lines]
    return painted.whole(LayoutUpdate(strips, Region(0, 0, len(lines[0]), len(lines))), CONSOLE)


def part(painted: Painted, text: str, left: int, right: int) -> str:
    update = ChopsUpdate([{0: Strip([Segment(text)])}], [(0, left, right)], [[len(text)]])
    return painted.part(update, CONSOLE)


def test_only_what_has_changed_is_written() -> None:
    painted = Painted()
    assert whole(painted, "abc", "def") == "\x1b[1;1Habc\x1b[2;1Hdef"
    assert whole(painted, "abc", "def") == ""
    assert whole(painted, "abc", "dEf") == "\x1b[2;2HE"


def test_another_style_is_a_change() -> None:
    painted = Painted()
    whole(painted, "abc")
    assert whole(painted, "abc", style="bold") == "\x1b[1;1H\x1b[1mabc\x1b[0m"


def test_places_far_from_each_other_are_written_apart() -> None:
    painted, rest = Painted(), "." * 40
    whole(painted, f"a{rest}b{rest}")
    assert whole(painted, f"A{rest}B{rest}") == "\x1b[1;1HA\x1b[1;42HB"
    assert whole(painted, f"A..x{rest[3:]}B{rest}") == "\x1b[1;4Hx"


def test_a_part_is_written_up_to_its_end_and_remembered() -> None:
    painted = Painted()
    whole(painted, "abcdef")
    assert part(painted, "aBcdeF", 1, 4) == "\x1b[1;2HB"
    assert whole(painted, "aBcdeF") == "\x1b[1;6HF"


def test_beside_wide_characters_all_of_the_stretch_is_written() -> None:
    painted = Painted()
    strips = [[Strip([Segment("界a")])]]
    assert painted.whole(LayoutUpdate(strips, Region(0, 0, 3, 1)), CONSOLE) == "\x1b[1;1H界a"
    assert whole(painted, "xya") == "\x1b[1;1Hxya"


def test_a_terminal_of_another_size_or_content_is_written_anew() -> None:
    painted = Painted()
    whole(painted, "abc")
    assert whole(painted, "abcd") == "\x1b[1;1Habcd"
    painted.forget()
    assert whole(painted, "abcd") == "\x1b[1;1Habcd"
