"""Warns before the TLS certificate of a server expires."""

import socket
import ssl
from datetime import UTC, datetime

from botscheduler import *
from jobs._values import number, port_number


class TlsExpiry(JobBase):
    info = {
        "job_class_name": "TLS certificate expiry",
        "notes": "Fails when the certificate of a server has fewer days left than demanded.\n"
        "Only its dates are looked at, so that self-signed certificates can be watched as well.",
        "arguments": [
            {
                "type": "string",
                "name": "host",
                "description": "name or address of the server",
                "required": True,
            },
            {"type": "integer", "name": "port", "description": "TCP port"},
            {"type": "integer", "name": "days", "description": "days that must be left"},
            {"type": "number", "name": "timeout", "description": "seconds at most"},
        ],
        "example_arguments": '["example.com", 443, 14]',
        "report_title": "TLS certificate",
        "enabled": True,
    }

    @report
    def run(self, host, port=443, days=14, timeout=10):
        port, days = port_number(port), number(days, "The number of days")
        certificate = peer_certificate(host, port, number(timeout, "The time limit", 0.001))
        expires = certificate.not_valid_after_utc
        left = (expires - datetime.now(UTC)).total_seconds() / 86400
        yield Table(
            [
                ["Server", f"{host}:{port}"],
                ["Subject", certificate.subject.rfc4514_string()],
                ["Issuer", certificate.issuer.rfc4514_string()],
                ["Valid from", f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"],
                ["Valid until", f"{expires:%Y-%m-%d %H:%M} UTC"],
                ["Days left", f"{left:.1f}"],
            ]
        )
        if left < 0:
            raise JobError(f"The certificate of {host}:{port} expired {-left:.1f} days ago.")
        if left < days:
            raise JobError(f"The certificate of {host}:{port} expires in {left:.1f} days.")


def peer_certificate(host, port, timeout):
    # Imported only here: what is large and imported above, every run of every job carries along.
    from cryptography import x509

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return x509.load_der_x509_certificate(secure.getpeercert(binary_form=True))
    except ssl.SSLError as error:
        raise JobError(f"{host}:{port} does not speak TLS: {error.reason or error}.") from error
    except OSError as error:
        raise JobError(f"{host}:{port} cannot be reached: {error}.") from error
