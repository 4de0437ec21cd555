"""mitmproxy's TLS, with our own authority shown to clients."""

from pathlib import Path

from mitmproxy import ctx
from mitmproxy.addons.tlsconfig import TlsConfig

from botsched.proxy.certificate import own_authority


class Encryption(TlsConfig):
    """Sends the authority along with each certificate that it signs.

    So clients can get to know it, and it stays; the certificates are made anew at each start, one
    for each name.
    """

    def configure(self, updated: set[str]) -> None:
        super().configure(updated)  # type: ignore[no-untyped-call]
        self.certstore.default_chain_file = own_authority(Path(ctx.options.confdir))
