"""Output read in portions, each in a read of its own: neither memory nor a transaction grows."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from botsched.domain.execution import FINAL, Execution, OutputChunk
from botsched.domain.paging import OutputPart
from botsched.store.session import Session
from botsched.store.store import Store

PORTION: Final = 100
"""Pieces that are read at a time; each has at most some thousand characters."""


@dataclass(frozen=True, slots=True)
class Output:
    """What an execution printed. ``last`` is the highest sequence number that is stored."""

    execution: Execution
    last: int
    portions: Iterator[list[OutputChunk]]

    @property
    def ended(self) -> bool:
        """Whether nothing will come behind ``last``."""
        return self.execution.state in FINAL


def read_output(store: Store, execution_id: str, wanted: OutputPart) -> Output:
    """The pieces that are wanted, in order. Raises NotFoundError."""
    execution, last = store.read(
        lambda session: (session.executions.get(execution_id), session.output.last(execution_id))
    )
    portions = _portions(store, execution_id, wanted)
    if wanted.before is not None:
        portions = iter([[chunk for portion in portions for chunk in portion][::-1]])
    return Output(execution, last, portions)


def _portions(store: Store, execution_id: str, wanted: OutputPart) -> Iterator[list[OutputChunk]]:
    left = wanted.limit or math.inf
    size = wanted.size or math.inf
    while left > 0 and size > 0:
        part = replace(wanted, limit=int(min(PORTION, left)))
        chunks = store.read(partial(_read, execution_id, part))
        taken = _within(chunks, size)
        if taken:
            yield taken
        if len(taken) < PORTION:
            return
        left -= len(taken)
        size -= sum(len(chunk.text) for chunk in taken)
        place = taken[-1].sequence
        wanted = (
            replace(wanted, after=place) if wanted.before is None else replace(wanted, before=place)
        )


def _read(execution_id: str, part: OutputPart, session: Session) -> list[OutputChunk]:
    return session.output.part(execution_id, part)


def _within(chunks: list[OutputChunk], size: float) -> list[OutputChunk]:
    """The first of these, up to the one with which they have so many characters."""
    taken = []
    for chunk in chunks:
        taken.append(chunk)
        size -= len(chunk.text)
        if size <= 0:
            break
    return taken
