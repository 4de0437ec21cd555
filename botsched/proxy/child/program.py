"""Puts the child together: mitmproxy with the few addons that are needed, and ours."""

import asyncio
import gc
import resource
import signal
from typing import Final

from mitmproxy.addons import next_layer, proxyserver
from mitmproxy.exceptions import OptionsError
from mitmproxy.master import Master
from mitmproxy.options import Options

from botsched.errors import SettingsError
from botsched.proxy import htpasswd
from botsched.proxy.child import http1, lifeline
from botsched.proxy.child.addons import Addons
from botsched.proxy.child.cache import CredentialCache
from botsched.proxy.child.certificate_copy import checked_copy
from botsched.proxy.child.connections import Connections
from botsched.proxy.child.encryption import Encryption
from botsched.proxy.child.gate import Gate
from botsched.proxy.child.limits import Limits
from botsched.proxy.child.login import Login
from botsched.proxy.child.readiness import Readiness
from botsched.proxy.child.reload import Reload, WatchedFile
from botsched.proxy.child.security_headers import SecurityHeaders
from botsched.proxy.child.streaming import Streaming
from botsched.proxy.child.throttle import LoginThrottle
from botsched.proxy.options import ProxyOptions

_OPEN_FILES: Final = 4096
_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"


async def serve(options: ProxyOptions) -> int:
    """Run until told to end; the exit code."""
    _allow_many_connections()
    http1.amend()
    try:
        program = Program(options)
    except (SettingsError, OptionsError) as error:
        lifeline.answer(f"FAILED {' '.join(str(error).split())}")
        return 1
    return await program.run()


class Program:
    """The proxy; SettingsError or OptionsError when a file it needs is at fault."""

    def __init__(self, options: ProxyOptions) -> None:
        self._options = options
        self._master = Master(Options())
        self._master.addons = Addons(self._master)
        server = proxyserver.Proxyserver()
        connections = Connections(server)
        limits = Limits(connections)
        users = htpasswd.read(options.htpasswd)
        self._login = Login(users, CredentialCache(), LoginThrottle())
        self._streaming = Streaming(connections)
        self._readiness = Readiness(server, self._master.shutdown)
        self._reload = Reload(self._watched_files())
        self._master.addons.add(
            server,
            next_layer.NextLayer(),
            Encryption(),
            limits,
            Gate(self._login, connections, limits, options.secret),
            self._streaming,
            SecurityHeaders(
                strict_transport=options.certificate is not None and options.port == 443
            ),
            self._reload,
            self._readiness,
        )
        self._master.options.update(**_mitmproxy_options(options))

    async def run(self) -> int:
        """Serve until the parent is gone or a signal comes."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._master.shutdown)
        loop.add_signal_handler(signal.SIGHUP, self._reload.now)
        lifeline.on_parent_gone(self._master.shutdown)
        gc.freeze()  # what lives from now on is all that need be looked at
        try:
            await self._master.run()
        finally:
            self._login.close()
        return 1 if self._readiness.failed else 0

    def _watched_files(self) -> list[WatchedFile]:
        files = [WatchedFile(self._options.htpasswd, self._reload_users)]
        if self._options.certificate is not None:
            files.append(WatchedFile(self._options.certificate, self._reload_certificate))
        return files

    def _reload_users(self) -> None:
        before = self._login.users
        self._login.users = htpasswd.read(self._options.htpasswd)
        self._streaming.end_for(before, self._login.users)

    def _reload_certificate(self) -> None:
        """Checked first: mitmproxy falls back to its own authority when the file is broken."""
        self._master.options.update(certs=_certificates(self._options))


def _mitmproxy_options(options: ProxyOptions) -> dict[str, object]:
    where = f"{options.host}:{options.port}" if options.host else f"{options.port}"
    return {
        "mode": [f"reverse:http://127.0.0.1:{options.upstream_port}@{where}"],
        "certs": _certificates(options),
        "confdir": str(options.state_dir),
        "ciphers_client": _CIPHERS,
        "http2": False,  # costs three times as much, and its upstream side is capped at 5 streams
        "connection_strategy": "lazy",
        "keep_host_header": True,
        "rawtcp": False,
    }


def _certificates(options: ProxyOptions) -> list[str]:
    return [f"*={checked_copy(options.certificate)}"] if options.certificate else []


def _allow_many_connections() -> None:
    """A connection takes two descriptors, and the usual limit is 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
