"""A real S3 store, from the server that the package nanio brings along.

It checks every signature, so an address that was signed for another host is refused.
"""

from __future__ import annotations

import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import httpx
from obstore.store import S3Store

from tests.servers.errors import PartIsMissing
from tests.servers.process import ServerProcess, find_free_port

BUCKET = "eventapp"
ACCESS_KEY = "eventapp"
SECRET_KEY = "secret-of-the-tests"


class StorageServer:
    """An S3 store with one bucket, on a port of this machine."""

    def __init__(self) -> None:
        if find_spec("nanio") is None:
            message = "The S3 store comes with requirements-dev.txt, which isn't installed."
            raise PartIsMissing(message)
        self.port = find_free_port()
        folder = Path(tempfile.mkdtemp(prefix="eventapp-s3-"))
        (folder / BUCKET).mkdir()
        keys = (f"NANIO_ACCESS_KEY={ACCESS_KEY}", f"NANIO_SECRET_KEY={SECRET_KEY}")
        options = ("--host", "127.0.0.1", "--port", str(self.port), "--data-dir", folder)
        self._process = ServerProcess(
            ["env", *keys, sys.executable, "-m", "nanio", "serve", *options], folder=folder
        )
        self._process.wait_until(self._is_ready, name="The S3 store")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def other_url(self) -> str:
        """The same server under another name, as browsers may know it by."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the process's environment holds to find it, by the names that S3 tools share."""
        return {
            "AWS_ENDPOINT": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }

    def open_bucket(self) -> S3Store:
        """The bucket, for looking at what is stored."""
        return S3Store(
            BUCKET,
            endpoint=self.url,
            access_key_id=ACCESS_KEY,
            secret_access_key=SECRET_KEY,
            region="us-east-1",
            client_options={"allow_http": True},
        )

    def stop(self) -> None:
        self._process.stop()

    def _is_ready(self) -> bool:
        try:
            httpx.get(self.url)
        except httpx.TransportError:
            return False
        return True
