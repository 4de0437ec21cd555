import pytest

from botsched.proxy.child.cache import CredentialCache


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> CredentialCache:
    return CredentialCache(lifetime=60, capacity=3, clock=clock)


def test_right_credentials_are_remembered_with_what_they_matched(cache: CredentialCache) -> None:
    key = cache.key(b"Basic abc")
    assert cache.get(key) is None
    cache.put(key, "ann", "hash")
    known = cache.get(key)
    assert known is not None
    assert (known.user, known.hashed) == ("ann", "hash")


def test_an_entry_out_of_use_is_forgotten(cache: CredentialCache, clock: Clock) -> None:
    cache.put(b"1", "ann", "hash")
    clock.now += 60
    assert cache.get(b"1") is None
    assert len(cache) == 0


def test_use_keeps_an_entry(cache: CredentialCache, clock: Clock) -> None:
    cache.put(b"1", "ann", "hash")
    for _ in range(5):
        clock.now += 59
        assert cache.get(b"1") is not None


def test_others_being_used_does_not_keep_an_entry(cache: CredentialCache, clock: Clock) -> None:
    cache.put(b"1", "ann", "hash")
    cache.put(b"2", "bob", "hash")
    clock.now += 40
    cache.get(b"1")
    clock.now += 40
    assert cache.get(b"2") is None
    assert cache.get(b"1") is not None


def test_the_least_used_entry_makes_room(cache: CredentialCache) -> None:
    for key in (b"1", b"2", b"3"):
        cache.put(key, "ann", "hash")
    cache.get(b"1")
    cache.put(b"4", "ann", "hash")
    assert len(cache) == 3
    assert cache.get(b"2") is None
    assert cache.get(b"1") is not None


def test_a_dropped_entry_is_gone(cache: CredentialCache) -> None:
    cache.put(b"1", "ann", "hash")
    cache.drop(b"1")
    cache.drop(b"1")
    assert cache.get(b"1") is None


def test_keys_tell_nothing_without_the_salt_of_their_cache(cache: CredentialCache) -> None:
    assert cache.key(b"Basic abc") == cache.key(b"Basic abc")
    assert cache.key(b"Basic abc") != cache.key(b"Basic abd")
    assert cache.key(b"Basic abc") != CredentialCache().key(b"Basic abc")
