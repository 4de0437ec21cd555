"""Triggers: they tell how many tasks of a job there is work for at the moment."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeAlias

from botsched.domain.ecsarguments import fields_of
from botsched.ecs.values import checked
from botsched.job import JobError

Client: TypeAlias = Callable[[str], Any]
"""Gives boto3's client for a service of AWS, named as there: ``sqs``, ``s3``."""


class Trigger:
    """A kind of trigger: derive from it in a module of a job folder, and set ``type``.

    Jobs choose it by ``{"type": ..., ...}``. The other fields are its own.
    """

    type: ClassVar[str] = ""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        """Take the fields. Raises JobError naming the one that is wrong, its value and the cure."""

    def count(self, client: Client) -> int:
        """How many tasks there is work for now; for 0, none is started. Raises JobError."""
        raise NotImplementedError(f"{type(self).__name__} has no count() method.")


def called_for(trigger: Trigger, client: Client) -> int:
    """How many tasks a trigger calls for. Raises JobError also when it gives no such number."""
    number: object = trigger.count(client)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise JobError(
            f"The trigger {trigger.type!r} must give a whole number of at least 0, not {number!r}."
        )
    return number


def trigger_of(data: object) -> Trigger:
    """The trigger that a job names, its fields checked. Raises JobError."""
    with checked():
        fields = fields_of(data)
    known = _known()
    kind, *others = known.get(str(fields.get("type")), [None])
    if kind is None:
        types = ", ".join(sorted(known))
        raise JobError(f"trigger: there is no type {fields.get('type')!r:.60}; there are: {types}.")
    if others:
        names = " and ".join(f"{each.__module__}.{each.__qualname__}" for each in (kind, *others))
        raise JobError(f"trigger: {names} have the same type {kind.type!r}; rename one.")
    return kind({name: value for name, value in fields.items() if name != "type"})


def _known() -> dict[str, list[type[Trigger]]]:
    """All triggers by their type, of which each is to have one."""
    known: dict[str, list[type[Trigger]]] = {}
    for kind in _derived(Trigger):
        if kind.type:
            known.setdefault(kind.type, []).append(kind)
    return known


def _derived(base: type[Trigger]) -> Iterator[type[Trigger]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _derived(kind)
