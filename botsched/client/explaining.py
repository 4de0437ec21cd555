"""Errors of the network in the words of a sysadmin."""

import socket
import ssl
from pathlib import Path

from botsched.client.address import USUAL_PORT, Address
from botsched.client.errors import CertificateError, ConnectionFailedError
from botsched.client.trust import usual_store


def explained(
    error: Exception, address: Address, timeout: float, ca: Path | None = None
) -> ConnectionFailedError:
    """Say what happened on the way to a server, and the cure; ``ca`` is what was to be trusted."""
    match error:
        case ssl.SSLCertVerificationError():
            return CertificateError(_untrusted(address, error.verify_message, ca))
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER" | "RECORD_LAYER_FAILURE"):
            return ConnectionFailedError(f"{address} does not speak TLS.")
        case socket.gaierror():
            return ConnectionFailedError(f"There is no host {address.host!r} ({error.strerror}).")
        case TimeoutError():
            return ConnectionFailedError(f"{address} does not answer within {timeout:g} seconds.")
        case ConnectionRefusedError():
            hint = (
                "" if address.port_given else f"; the usual port of the scheduler is {USUAL_PORT}"
            )
            return ConnectionFailedError(f"Nobody listens at {address}{hint}.")
        case _:
            what = str(error) or type(error).__name__
            return ConnectionFailedError(f"{address} broke off, or speaks no HTTP ({what}).")


def _untrusted(address: Address, why: str, ca: Path | None) -> str:
    if ca:
        return (
            f"The certificate of {address} is not trusted by {ca} ({why}); this file is to hold "
            "the certificate of the server, or of the authority that signs it."
        )
    cure = f'"bots-scheduler trust {address}" shows it, and has it trusted if you say so.'
    if usual_store().has(address):
        return (
            f"The certificate of {address} is not what you trust for it so far ({why}): it was "
            f"exchanged, or another server answers. Whoever administers it can tell; {cure}"
        )
    return f"The certificate of {address} is not trusted ({why}). {cure}"
