"""Errors of the network in the words of a sysadmin."""

import socket
import ssl

from botsched.client.address import USUAL_PORT, Address
from botsched.client.errors import CertificateError, ConnectionFailedError


def explained(error: Exception, address: Address, timeout: float) -> ConnectionFailedError:
    """Say what happened on the way to a server, and the cure."""
    match error:
        case ssl.SSLCertVerificationError():
            return CertificateError(
                f"The certificate of {address} is not trusted ({error.verify_message}). "
                f'"bots-scheduler trust {address}" shows it, and has it trusted if you say so.'
            )
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
