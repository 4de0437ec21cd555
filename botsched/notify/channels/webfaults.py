"""What went wrong on the way to the server of a web hook, in words that say what to do."""

import socket
import ssl


def line_fault(reason: object, timeout: float, *, sent: bool) -> str:
    """Say it for what was raised; ``sent``: the whole request was, and no answer came."""
    match reason:
        case socket.gaierror() | UnicodeError():
            fault = f"its name cannot be resolved ({reason.args[-1]}); check 'url'."
        case ssl.SSLCertVerificationError():
            fault = (
                f"its certificate is not trusted ({reason.verify_message.rstrip('.')}); for an "
                "authority of your own, install it on this machine or name its PEM file in "
                "SSL_CERT_FILE."
            )
        case ssl.SSLError():
            said = (reason.reason or str(reason)).replace("_", " ").lower()
            fault = f"TLS could not be established ({said}); check 'url'."
        case TimeoutError():
            fault = f"it did not answer within {timeout:g} seconds."
        case ConnectionRefusedError():
            fault = "it refuses connections; check 'url', or whether it runs."
        case OSError() if not sent:
            fault = f"the connection failed ({reason.strerror or reason})."
        case _ if sent:
            fault = "it closed the connection without an answer, or with none that is HTTP."
        case _:
            fault = f"the connection failed ({reason})."
    return fault
