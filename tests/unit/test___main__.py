"""The moment in which the modules of the program are loaded."""

import sys
from types import ModuleType

import pytest

from botsched.__main__ import main


class _Slow(ModuleType):
    """One in whose loading somebody presses Ctrl-C."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_ctrl_c_while_modules_load_ends_it_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "botsched.cli", _Slow("botsched.cli"))

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 130
    assert capsys.readouterr().err == "bots-scheduler: interrupted.\n"
