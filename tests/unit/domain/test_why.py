"""Why a mail came, as JSON and back."""

import json

import pytest

from botsched.domain.mailrules import Occasion
from botsched.domain.why import HeldBy, RuleSource, Why, why_from_data
from tests.support.values import NOW


@pytest.mark.parametrize(
    "why",
    [
        Why((Occasion.OUTPUT,), 1, RuleSource.SERVER),
        Why((Occasion.FAILURE, Occasion.OUTPUT), 3, RuleSource.JOB, 4, NOW, HeldBy.CAP),
    ],
)
def test_it_comes_back_from_json_as_it_was(why: Why) -> None:
    assert why_from_data(json.loads(json.dumps(why.to_data()))) == why
