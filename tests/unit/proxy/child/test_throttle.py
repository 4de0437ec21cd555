import pytest

from botsched.proxy.child.throttle import LoginThrottle, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(burst=3, interval=2, capacity=2, clock=clock)


def use_up(throttle: LoginThrottle, address: str, user: str, most: int = 100) -> int:
    for done in range(most):
        if throttle.admit(address, user):
            return done
    return most


def test_a_burst_is_free_and_then_one_use_per_interval(throttle: Throttle, clock: Clock) -> None:
    for _ in range(3):
        assert throttle.wait("a") == 0
        throttle.charge("a")
    assert throttle.wait("a") == pytest.approx(2)
    clock.now += 2
    assert throttle.wait("a") == 0
    throttle.charge("a")
    assert throttle.wait("a") > 0


def test_keys_do_not_count_for_each_other(throttle: Throttle) -> None:
    for _ in range(3):
        throttle.charge("a")
    assert throttle.wait("b") == 0


def test_a_long_rest_does_not_add_up_to_more_than_a_burst(throttle: Throttle, clock: Clock) -> None:
    throttle.charge("a")
    clock.now += 1000
    for _ in range(3):
        throttle.charge("a")
    assert throttle.wait("a") > 0


def test_a_refund_undoes_a_charge(throttle: Throttle) -> None:
    for _ in range(3):
        throttle.charge("a")
    throttle.refund("a")
    throttle.refund("unknown")
    assert throttle.wait("a") == 0


def test_memory_is_bounded(throttle: Throttle) -> None:
    for key in range(10):
        throttle.charge(key)
    assert len(throttle) == 2


def test_an_address_gets_ten_tries_whatever_the_names(clock: Clock) -> None:
    throttle = LoginThrottle(clock)
    tries = sum(throttle.admit("192.0.2.1", f"user{n}") == 0 for n in range(50))
    assert tries == 10
    assert throttle.admit("192.0.2.2", "user1") == 0


def test_a_refused_try_is_not_charged(clock: Clock) -> None:
    throttle = LoginThrottle(clock)
    use_up(throttle, "192.0.2.1", "ann")
    waits = {throttle.admit("192.0.2.1", "ann") for _ in range(5)}
    assert waits == {6.0}


def test_a_name_gets_twenty_tries_from_many_addresses(clock: Clock) -> None:
    throttle = LoginThrottle(clock)
    tries = sum(throttle.admit(f"192.0.2.{n}", "ann") == 0 for n in range(100))
    assert tries == 20


def test_guessing_elsewhere_does_not_lock_a_user_out_of_a_known_address(clock: Clock) -> None:
    throttle = LoginThrottle(clock)
    throttle.trust("198.51.100.7", "ann")
    for n in range(100):
        throttle.admit(f"192.0.2.{n}", "ann")
    assert throttle.admit("203.0.113.1", "ann") > 0
    assert throttle.admit("198.51.100.7", "ann") == 0


def test_right_passwords_are_not_counted(clock: Clock) -> None:
    throttle = LoginThrottle(clock)
    for _ in range(50):
        assert throttle.admit("192.0.2.1", "ann") == 0
        throttle.refund("192.0.2.1", "ann")


def test_an_ipv6_network_is_one_client(clock: Clock) -> None:
    throttle = LoginThrottle(clock)
    tries = sum(throttle.admit(f"2001:db8::{n:x}", f"user{n}") == 0 for n in range(50))
    assert tries == 10
    assert throttle.admit("2001:db8:0:1::1", "ann") == 0
    assert throttle.admit("fe80::1%eth0", "ann") == 0
