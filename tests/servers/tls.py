"""A door with TLS in front of a server that has none, under a certificate made for the tests."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing, suppress
from pathlib import Path

from tests.servers.errors import PartIsMissing

PIECE = 64 * 1024


def make_certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise PartIsMissing("A certificate is made with openssl, which isn't installed.")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    certificate.write_bytes(certificate.read_bytes() + key.read_bytes())
    return certificate


class TlsDoor:
    """Takes connections with TLS, one after another, and passes on what is said to `port`."""

    def __init__(self, *, certificate: Path, port: int) -> None:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._behind = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        # A connection wakes the thread, which then finds that it is to end.
        self._behind = 0
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            pass
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            plain, _ = self._listener.accept()
            with closing(plain):
                if not self._behind:
                    return
                # Who doesn't trust the certificate hangs up.
                with suppress(OSError), self._context.wrap_socket(plain, server_side=True) as front:
                    self._pass_on(front)

    def _pass_on(self, front: ssl.SSLSocket) -> None:
        with socket.create_connection(("127.0.0.1", self._behind), timeout=10) as back:
            answers = threading.Thread(target=_copy, args=(back, front), daemon=True)
            answers.start()
            _copy(front, back)
            with suppress(OSError):
                back.shutdown(socket.SHUT_RDWR)
            answers.join(10)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
