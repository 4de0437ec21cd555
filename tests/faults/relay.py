"""A relay between the program and its database, which can be cut, reset and made silent."""

import contextlib
import socket
import struct
import threading

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing throws away what is under way


class Relay:
    """Passes on what comes to ``port``. Each direction of a connection has a thread."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._refusing = False
        self._flowing = threading.Event()
        self._flowing.set()
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    def cut(self) -> None:
        """End all connections, and take no new ones."""
        self._refusing = True
        self.reset()

    def reset(self) -> None:
        """End all connections; new ones are welcome."""
        with self._lock:
            ended, self._sockets = self._sockets, set()
        for end in ended:
            _reset(end)

    def silence(self) -> None:
        """Keep all connections and pass nothing on."""
        self._flowing.clear()

    def mend(self) -> None:
        """Pass everything on again, also what came meanwhile."""
        self._refusing = False
        self._flowing.set()

    def close(self) -> None:
        """End it all."""
        self.cut()
        self._flowing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._refusing:
                _reset(client)
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                _reset(client)
                continue
            with self._lock:
                self._sockets |= {client, server}
            self._run(self._pump, client, server)
            self._run(self._pump, server, client)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                sink.sendall(data)
        for end in (source, sink):
            with self._lock:
                self._sockets.discard(end)
            _reset(end)

    def _run(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


def _reset(end: socket.socket) -> None:
    """Wake whoever waits for it, too, which closing alone would not."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
