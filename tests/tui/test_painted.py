"""What is written to the terminal: after each picture it shows that picture, by fewer bytes than anew."""

import random
import re

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


def test_a_character_of_no_width_has_no_place_of_its_own() -> None:
    painted = Painted()
    for text, width in (("e\u0301界a", 4), ("❤\ufe0fab", 4)):
        for picture in (text, text.replace("a", "x")):
            strips = [[Strip([Segment(picture)])]]
            written = painted.whole(LayoutUpdate(strips, Region(0, 0, width, 1)), CONSOLE)
            assert written == f"\x1b[1;1H{picture}"


def test_a_link_ends_where_its_text_does() -> None:
    painted = Painted()
    whole(painted, "abc")
    written = whole(painted, "abc", style="link https://example.org")
    assert written.startswith("\x1b[1;1H\x1b]8;id=") and written.endswith("abc\x1b]8;;\x1b\\")


def test_a_part_of_no_picture_before_is_written_as_it_is() -> None:
    assert part(Painted(), "abcdef", 1, 4) == "\x1b[1;1Habcd"


def test_a_terminal_of_another_size_or_content_is_written_anew() -> None:
    painted = Painted()
    whole(painted, "abc")
    assert whole(painted, "abcd") == "\x1b[1;1Habcd"
    painted.forget()
    assert whole(painted, "abcd") == "\x1b[1;1Habcd"


class Shown:
    """A terminal that knows where the cursor is, and in which style it writes."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[(" ", "")] * width for _ in range(height)]

    def write(self, text: str) -> None:
        x = y = 0
        style = ""
        for code, row, column, letter in re.findall(r"(\x1b\[(?:(\d+);(\d+)H|[\d;]*m))|(.)", text):
            if letter:
                self.cells[y][x] = (letter, style)
                x += 1
            elif row:
                x, y = int(column) - 1, int(row) - 1
            else:
                style = "" if code == "\x1b[0m" else code


def test_after_any_updates_the_terminal_shows_what_textual_would_have_written() -> None:
    draw = random.Random(7)
    width, height = 60, 4
    painted, ours, theirs = Painted(), Shown(width, height), Shown(width, height)
    styles = [None, Style.parse("bold"), Style.parse("#ff0000 on #000000")]

    def strip(length: int) -> Strip:
        cut = draw.randrange(length + 1)
        letters = "".join(draw.choice("ab ") for _ in range(length))
        return Strip([Segment(letters[:cut], draw.choice(styles)), Segment(letters[cut:], draw.choice(styles))])

    painted.whole(LayoutUpdate([[strip(width)] for _ in range(height)], Region(0, 0, width, height)), CONSOLE)
    painted.forget()
    rows = [[strip(width)] for _ in range(height)]
    for _ in range(300):
        if draw.random() < 0.5:
            rows[draw.randrange(height)] = [strip(width)]
            update = LayoutUpdate(rows, Region(0, 0, width, height))
            ours.write(painted.whole(update, CONSOLE))
        else:
            y, start = draw.randrange(height), draw.randrange(width - 1)
            end = draw.randrange(start + 1, width)
            chops = [{0: None, start: strip(end - start)} if row == y else {0: None} for row in range(height)]
            ends = [[start, end] if row == y else [width] for row in range(height)]
            update = ChopsUpdate(chops, [(y, start, end)], ends)
            ours.write(painted.part(update, CONSOLE))
        theirs.write(update.render_segments(CONSOLE))
        assert ours.cells == theirs.cells
