"""The README's tables of speed are those of the comparisons that were kept."""

import compared
import speed_table


def test_a_comparison_becomes_a_table_with_its_command() -> None:
    told, _, *lines = speed_table.tables([compared.facts()]).splitlines()
    assert told == (
        "`tunedeck bench --work chat-lora --repeat 5 --updates 12`, batches of 8; a processor, 2 threads,"
        " 0.41 TFLOP/s at most:"
    )
    assert lines[2] == "| tunedeck | 6.30 | 504 |  | 9.5 s | 24.7 s | 1.30 GB | 1.9300 | 52% | 20% |"
    assert [line.split(" | ")[3] for line in lines[3:]] == ["2.5", "void"]
