"""The labelled points: each is reached by the real program."""

import random
import time

import pytest

from tests.faults.places import trial_on
from tests.faults.points import Phase, labels
from tests.support.program import until

pytestmark = pytest.mark.slow


def test_every_point_is_reached_in_the_life_of_a_program(tmp_path):
    with trial_on(None, tmp_path, random.Random(1)) as trial:
        trial.begin()
        trial.run_long()
        until(lambda: trial.client.get("executions", state="running")["executions"])
        trial.kill()
        trial.start()
        before_stop = {label for label, phase in labels().items() if phase is not Phase.STOP}
        end = time.monotonic() + 60
        while before_stop - set(trial.reached) and time.monotonic() < end:
            trial.traffic(0.5)
        trial.run_long()
        assert trial.program.stop() == 0

        assert sorted(set(labels()) - set(trial.reached)) == []

        trial.start()
        assert trial.finish().faults == []
