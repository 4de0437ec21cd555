"""``trust``: the certificate of a server is the right one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from botsched.client.introduction import Introduction
    from botsched.client.trust import Certificate, Kind


@click.command()
@click.argument("server")
@click.option(
    "--fingerprint",
    metavar="SHA256",
    help="Trust it without asking if this is its fingerprint, or its authority's.",
)
@click.option(
    "--certificate",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take it from a PEM file, without asking.",
)
def trust(server: str, fingerprint: str | None, file: Path | None) -> None:
    """Have the certificate of a server trusted by the Python client.

    SERVER is an address such as https://HOST:8888. Its certificate, or that of the authority which
    signs it, is shown and kept for you once you say that the fingerprint is right; from then on it
    alone is trusted for this server. On the server, the fingerprint is what "openssl x509 -noout
    -fingerprint -sha256 -in FILE" prints for the file of --certificate, or without one for
    .bots-scheduler/mitmproxy-ca-cert.pem.
    """
    from botsched.client.address import Address
    from botsched.client.introduction import Introduction

    if file is not None and fingerprint is not None:
        raise click.UsageError("Give --certificate or --fingerprint, not both.")
    introduction = Introduction(Address.parse(server))
    if file is not None:
        chosen = introduction.from_file(file)
    elif fingerprint is not None:
        chosen = introduction.with_fingerprint(fingerprint)
    elif introduction.is_known:
        click.echo(f"{introduction.address} is trusted already.")
        return
    else:
        chosen = _asked(introduction)
    click.echo(f"{introduction.address} is trusted now, by {introduction.keep(*chosen)}")


def _asked(introduction: "Introduction") -> "tuple[Kind, Certificate]":
    kind, certificate = introduction.candidate()
    whose = "authority that signs the certificate" if kind == "authority" else "certificate"
    click.echo(f"The {whose} of {introduction.address} has the SHA-256 fingerprint")
    click.echo(f"\n    {certificate.fingerprint}\n")
    if introduction.is_kept:
        click.echo("So far you trust another one for it: whoever changed it can tell why.")
    if not sys.stdin.isatty():
        raise click.UsageError(
            "There is no terminal to ask on: give the right fingerprint by --fingerprint."
        )
    click.confirm("Does the server's administrator tell the same?", abort=True)
    return kind, certificate
