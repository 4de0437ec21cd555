import pytest

from botsched.notify.letter import Letter, Line, Section, Tone
from botsched.notify.plain import WIDTH, plain
from botsched.reports import Text
from tests.looks.samples import SAMPLES


def test_a_letter_reads_well_without_any_markup():
    letter = Letter(
        Tone.BAD, "Failed", "backup", "web1", "It failed.", "",
        (("Took", "2 s"), ("Where", "web1")),
        (("Job", "https://x.org/jobs/1"),),
        (Section("Ends", (Text("… and 2 more."),),
                 (Line(Tone.GOOD, "Recovered", "copy", "at 4", "https://x.org/1"),
                  Line(Tone.BAD, "Lost", "move", "at 5"))),),
        ("You know why.", "Sent."),
    )  # fmt: skip
    assert (
        plain(letter)
        == """\
FAILED: backup
==============

web1

It failed.

Took   2 s
Where  web1

Job: https://x.org/jobs/1

Ends
----

RECOVERED: copy
  at 4
  https://x.org/1

LOST: move
  at 5

… and 2 more.

--
You know why.
Sent.
"""
    )


@pytest.mark.parametrize("name", set(SAMPLES) - {"hostile"})
def test_lines_are_short_but_for_code_and_addresses(name):
    for line in SAMPLES[name]().text().split("\n"):
        assert len(line) <= WIDTH or line.startswith("    ") or "https://" in line
