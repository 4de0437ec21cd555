"""The labelled points: each is reached by the real program."""

import random

import pytest

from tests.faults.places import trial_on
from tests.faults.points import labels

pytestmark = pytest.mark.slow


def test_every_point_is_reached_in_the_life_of_a_program(tmp_path):
    with trial_on(None, tmp_path, random.Random(1)) as trial:
        trial.begin()
        trial.run_long()
        trial.traffic(1)
        trial.kill()
        trial.start()
        trial.run_long()
        trial.traffic(0.5)
        assert trial.program.stop() == 0

        assert set(labels()) - set(trial.reached) == set()

        trial.start()
        assert trial.finish().faults == []
