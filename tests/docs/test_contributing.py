"""The picture of the house in CONTRIBUTING is the law that the tests hold."""

import re
from pathlib import Path

from tests.unit.test_architecture import LEVELS, MODULES, room_of

PAGE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"


def test_every_room_is_shown_on_its_level() -> None:
    rows = re.findall(r"^\| (\d) \| (.*) \|$", PAGE.read_text(), re.MULTILINE)
    shown = {room: int(level) for level, rooms in rows for room in re.findall(r"`(\w+)`", rooms)}
    rooms = {room_of(module) for module in MODULES} - {"", "__main__"}

    assert {room: LEVELS[room] for room in rooms} == {room: shown.get(room) for room in rooms}
