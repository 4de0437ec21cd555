from botsched.proxy.child.refusal import too_many_tries


def test_one_second_is_one() -> None:
    told = [too_many_tries(seconds).message for seconds in (1.0, 2.0)]

    assert told == [
        "Too many login tries; wait 1 second.",
        "Too many login tries; wait 2 seconds.",
    ]
