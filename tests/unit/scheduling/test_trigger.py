import pytest

from botsched.domain.schedule import forms_of
from botsched.scheduling.timing import Timing
from botsched.scheduling.trigger import Trigger, trigger_of
from tests.unit.scheduling.test_schedules import new


@pytest.mark.parametrize(
    ("timing", "trigger"),
    [
        (Timing(every=(90, "minutes")), Trigger(interval=5400)),
        (Timing(every=(1, "days")), None),
        (Timing(crontab="5 * * * *"), None),
        (Timing(schedules=(Timing(cron={"hour": "3"}), Timing(cron={"hour": "5"}))), None),
    ],
)
def test_only_cron_fields_and_seconds_have_a_trigger(
    timing: Timing, trigger: Trigger | None
) -> None:
    assert trigger_of(forms_of(new(timing))) == trigger


def test_cron_fields_say_what_they_mean_however_many_are_given() -> None:
    forms = forms_of(new(Timing(cron={"hour": "3"})))

    whole = trigger_of(forms)
    assert whole is not None
    assert whole.says(forms)
    assert Trigger(cron={"hour": "3"}).says(forms)
    assert not Trigger(cron={"hour": "4"}).says(forms)
    assert not Trigger(interval=5).says(forms)
    assert not Trigger(cron={"hour": "3"}).says(forms_of(new(Timing(crontab="0 3 * * *"))))
