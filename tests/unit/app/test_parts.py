import pytest

from botsched.app.parts import _no_ecs
from botsched.settings.model import EcsSettings


def test_why_there_is_no_web_api_of_ecs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "without --ecs-cluster" in str(_no_ecs(EcsSettings()))
    assert _no_ecs(EcsSettings("c")) is None

    monkeypatch.setattr("botsched.ecs.find_spec", lambda name: None)
    assert "bots-scheduler[ecs], is not installed" in str(_no_ecs(EcsSettings("c")))
