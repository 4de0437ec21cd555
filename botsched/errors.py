"""The tree of our exceptions.

Every message names the thing, the value and the cure, and is fit to be shown to a user as it is.
Foreign exceptions are turned into these where the foreign library is called; they become HTTP
statuses in ``web`` and exit codes in ``cli``, and nowhere else.

    BotsError
    |- SettingsError            flags, environment or files; carries every fault found
    |- StartError               a part of the program cannot start (port in use, proxy child died)
    |- RequestError             what a caller asked for cannot be done
    |  |- NotFoundError         no such job, execution, file
    |  |- ConflictError         it exists, but not in a state that allows this
    |  |- InvalidError          values that make no sense; carries a message per field
    |  `- TooLargeError         more bytes than accepted
    |- StoreError               the database
    |  |- StoreUnavailableError cannot be reached or is locked; trying again may help
    |  |- StoreCorruptError     the file is damaged or is not a database
    |  |- FencedError           another server has taken over; this one may not record this
    |  `- RevisionError         the schema is of another revision than this program
    |- ExecutionError           a run cannot be started
    `- DeliveryError            a mail was not accepted; says whether trying again can help
"""

from collections.abc import Mapping, Sequence


class BotsError(Exception):
    """Base of all errors that this program raises on purpose."""


class SettingsError(BotsError):
    """One or more settings are wrong.

    ``faults`` holds one sentence for each, so that all are mended in one go.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults: Sequence[str] = faults


class StartError(BotsError):
    """A part of the program cannot start."""


class RequestError(BotsError):
    """What a caller asked for cannot be done."""


class NotFoundError(RequestError):
    """There is no such thing; ``kind`` and ``key`` say what was looked for."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"There is no {kind} {key!r}.")
        self.kind = kind
        self.key = key


class ConflictError(RequestError):
    """The thing exists, but not in a state that allows what was asked."""


class InvalidError(RequestError):
    """Values that make no sense; ``fields`` maps each field's name to what is wrong with it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in fields.items()))
        self.fields = dict(fields)


class TooLargeError(RequestError):
    """More bytes than are accepted."""


class StoreError(BotsError):
    """The database did not do what it should."""


class StoreUnavailableError(StoreError):
    """The database cannot be reached or is locked; trying again may help."""


class StoreCorruptError(StoreError):
    """The database file is damaged, or is no database."""


class FencedError(StoreError):
    """Another server on the same database has taken over, so this may not be recorded here."""


class RevisionError(StoreError):
    """The database schema is of another revision than this program."""


class ExecutionError(BotsError):
    """A run cannot be started."""


class DeliveryError(BotsError):
    """A mail was not accepted, or ``uncertain``: not known to be, for the line was lost after it.

    ``permanent``: trying again cannot help. ``retry_after``: how many seconds the other side wants
    to be left alone. ``refused``: when every recipient was turned away by name, the bare addresses,
    each with whether that was for good.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        retry_after: float | None = None,
        refused: Mapping[str, bool] | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.uncertain = uncertain
        self.retry_after = retry_after
        self.refused = dict(refused or {})

    @property
    def is_of_server(self) -> bool:
        """Whether the other side failed, in a way that may pass, and surely has not the mail."""
        return not (self.permanent or self.uncertain or self.refused)
