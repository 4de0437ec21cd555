"""What a run prints: read from its pipes, without secrets, cut into chunks, bounded."""

import codecs
import os
from collections import deque
from datetime import datetime

from botsched.domain.clock import Clock
from botsched.domain.execution import OutputChunk
from botsched.job.masking import Mask

HEAD_LIMIT = 16 * 1024 * 1024
"""Bytes kept of the beginning of a run's output."""

TAIL_LIMIT = 256 * 1024
"""Bytes kept of its end, once the beginning is full."""

_CHUNK = 16 * 1024
_READ = 64 * 1024
_READS_AT_A_TIME = 4


class Capture:
    """The output of one run: two pipes, and the chunks that are not stored yet."""

    def __init__(self, clock: Clock, mask: Mask) -> None:
        self._clock = clock
        self._mask = mask
        self._decoders = {name: _decoder() for name in ("out", "err")}
        self._held_back = dict.fromkeys(self._decoders, "")
        self._pipes: dict[str, tuple[int, int]] = {"out": os.pipe()}
        try:
            self._pipes["err"] = os.pipe()
        except OSError:
            self.close_writers()
            os.close(self._pipes["out"][0])
            raise
        for reading, _writing in self._pipes.values():
            os.set_blocking(reading, False)
        self._sequence = 0
        self._pending: list[OutputChunk] = []
        self._tail: deque[tuple[str, datetime, str, int]] = deque()
        self._tail_bytes = 0
        self.total_bytes = 0
        self.dropped_bytes = 0

    @property
    def readers(self) -> dict[str, int]:
        """The descriptors to be read, by name of the stream; those at their end are gone."""
        return {name: reading for name, (reading, _writing) in self._pipes.items()}

    @property
    def writers(self) -> tuple[int, int]:
        """The descriptors for the run: standard output and standard error."""
        return self._pipes["out"][1], self._pipes["err"][1]

    def close_writers(self) -> None:
        """Let go of the run's ends, which the run now holds by itself."""
        for _reading, writing in self._pipes.values():
            os.close(writing)

    @property
    def has_pending(self) -> bool:
        """Whether chunks wait to be taken."""
        return bool(self._pending)

    def read(self, stream: str) -> bool:
        """Take what is there, at most a fair share; False at the end of the stream."""
        for _ in range(_READS_AT_A_TIME):
            try:
                data = os.read(self._pipes[stream][0], _READ)
            except BlockingIOError:
                return True
            if not data:
                self._close(stream)
                return False
            self._take(stream, data)
        return True

    def close(self) -> None:
        """Stop reading, whoever may still write."""
        for stream in list(self._pipes):
            self._close(stream)

    def take_pending(self) -> list[OutputChunk]:
        """The chunks that came since the last call."""
        pending, self._pending = self._pending, []
        return pending

    def take_rest(self) -> list[OutputChunk]:
        """The same at the end of the run, with the kept end of an output that was too long."""
        if self.dropped_bytes:
            note = f"\n[... {self.dropped_bytes} bytes of output were not kept ...]\n"
            self._append("out", self._tail[0][1], note)
        for stream, at, text, _size in self._tail:
            self._append(stream, at, text)
        self._tail.clear()
        return self.take_pending()

    def _close(self, stream: str) -> None:
        if stream in self._pipes:
            os.close(self._pipes.pop(stream)[0])
            self._take(stream, b"", final=True)

    def _take(self, stream: str, data: bytes, *, final: bool = False) -> None:
        self.total_bytes += len(data)
        # NUL has no place in text columns; nobody misses it in output.
        text = self._decoders[stream].decode(data, final)
        text = self._masked(stream, text.replace("\0", "\N{REPLACEMENT CHARACTER}"), final=final)
        if self.total_bytes <= HEAD_LIMIT:
            self._append(stream, self._clock(), text)
        else:
            self._keep_tail(stream, text, len(data))

    def _masked(self, stream: str, text: str, *, final: bool) -> str:
        """Without secrets; what may be the beginning of one waits for what comes next."""
        if not self._mask:
            return text
        text = self._held_back[stream] + text
        if final:
            return self._mask.text(text)
        text, self._held_back[stream] = self._mask.part(text)
        return text

    def _append(self, stream: str, at: datetime, text: str) -> None:
        for start in range(0, len(text), _CHUNK):
            self._sequence += 1
            piece = text[start : start + _CHUNK]
            self._pending.append(OutputChunk(self._sequence, stream, at, piece))

    def _keep_tail(self, stream: str, text: str, size: int) -> None:
        self._tail.append((stream, self._clock(), text, size))
        self._tail_bytes += size
        while self._tail_bytes > TAIL_LIMIT and len(self._tail) > 1:
            dropped = self._tail.popleft()[3]
            self._tail_bytes -= dropped
            self.dropped_bytes += dropped


def _decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")(errors="replace")
