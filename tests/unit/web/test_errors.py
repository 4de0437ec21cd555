"""The one table of statuses."""

import botsched.errors as errors_module
from botsched.errors import BotsError, InvalidError, RequestError, StoreError
from botsched.web.errors import MalformedError, body_of, status_of


def subclasses(kind: type[BotsError]) -> set[type[BotsError]]:
    return {kind}.union(*(subclasses(sub) for sub in kind.__subclasses__()))


def test_whatever_a_caller_did_wrong_has_a_status_of_its_own() -> None:
    known = {kind for kind in subclasses(RequestError) if kind.__module__ == errors_module.__name__}
    statuses = [status_of(kind.__new__(kind)) for kind in known - {RequestError}]

    assert sorted(statuses) == [404, 409, 413, 422]


def test_an_error_nobody_foresaw_says_nothing_of_the_inside() -> None:
    for error in (ValueError("/secret/path"), StoreError("INSERT INTO secret")):
        assert status_of(error) == 500
        assert "secret" not in str(body_of(error))


def test_fields_are_told_when_there_are_any() -> None:
    assert body_of(InvalidError({"a": "wrong"})) == {"error": "a: wrong", "fields": {"a": "wrong"}}
    assert body_of(MalformedError("No.")) == {"error": "No."}
