"""Channels of one's own: a class in a Python file."""

import sys
from collections.abc import Mapping, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from threading import Lock, current_thread, main_thread
from typing import Any, Protocol

from botsched.errors import DeliveryError, SettingsError
from botsched.notify.channel import Notice
from botsched.notify.channels.direct import DirectChannel
from botsched.notify.channels.payload import payload
from botsched.notify.channels.words import told
from botsched.notify.delivery import Delivery
from botsched.settings.model import Extension


class Sender(Protocol):
    """What the class of an extension has to be.

    It is made once, with the other fields of its section as texts by name, and is then called
    for one notice after the other.
    """

    def __init__(self, options: Mapping[str, str]) -> None: ...

    def send(self, notice: Mapping[str, Any]) -> str | None:
        """Tell it, and return a word on how it went.

        Raise ``botsched.errors.DeliveryError`` to say whether trying again helps; after any other
        exception it is tried again.
        """


class ExtensionChannel(DirectChannel):
    """Calls the object. Raises SettingsError when there is none to be had."""

    def __init__(self, extension: Extension) -> None:
        super().__init__(extension)
        self._secrets = [value for _, value in extension.options]
        self._sender = self._made(extension)
        self._turn = Lock()  # another channel's thread falls back on this one

    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Let it send. Raises DeliveryError."""
        try:
            with self._turn:
                words = self._sender.send(payload(notice, self.name, recipients))
        except DeliveryError as error:
            raise DeliveryError(
                f"Channel {self.name!r}: {told(str(error), self._secrets)}",
                permanent=error.permanent,
                uncertain=error.uncertain,
                retry_after=_wait(error.retry_after),
            ) from None
        except BaseException as error:  # others' code: asyncio's cancellation, too
            if isinstance(error, KeyboardInterrupt) and current_thread() is main_thread():
                raise  # somebody's, at "check --mail"
            raise DeliveryError(f"Channel {self.name!r}: {self._words(error)}") from None
        return self.accepted("" if words is None else self._told(words))

    def _made(self, extension: Extension) -> Sender:
        where = f"[channel {self.name}]: class {extension.class_name} of {extension.file}"
        try:
            kind = getattr(_module(extension), extension.class_name, None)
            if not isinstance(kind, type):
                raise SettingsError(f"{where} is not there.")
            if not callable(getattr(kind, "send", None)):
                raise SettingsError(f"{where} has no method send(notice).")
            sender: Sender = kind(dict(extension.options))
        except SettingsError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001
            raise SettingsError(f"{where} cannot be had: {self._words(error)}") from None
        return sender

    def _words(self, error: BaseException) -> str:
        return f"{type(error).__name__}: {self._told(error)}".removesuffix(": ")

    def _told(self, given: object) -> str:
        try:
            words = str(given)
        except Exception:  # noqa: BLE001  others' code again
            words = "it has no words"
        return told(words, self._secrets)


def _wait(asked: object) -> float | None:
    """The seconds that others' code asked for; None for what is no such number."""
    # Of what is "not a number", no comparison holds.
    return asked if isinstance(asked, int | float) and asked > 0 else None


def _module(extension: Extension) -> Any:
    """The module of the file, which can import its neighbours only when they are on the path."""
    name = f"botsched_channel_{extension.name}"
    spec = spec_from_file_location(name, extension.file)
    if spec is None or spec.loader is None:
        raise SettingsError(f"[channel {extension.name}]: {extension.file} is no Python file.")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
