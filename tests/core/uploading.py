"""A client of tus 1.0, small enough to send what a good one never would."""

from __future__ import annotations

import base64

import httpx

TUS = {"Tus-Resumable": "1.0.0"}
PART = "application/offset+octet-stream"


def name_in_base64(name):
    return "filename " + base64.b64encode(name.encode()).decode()


class TusClient:
    """Speaks to a running site as one organiser; `uploads` is the address that creates."""

    def __init__(self, url, *, session, uploads):
        self.url, self.session = url, session
        self.http = httpx.Client(base_url=url, cookies={"session": session}, timeout=30)
        self.uploads = uploads

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.http.close()

    def create(self, size, *, name="talk.webm", **headers):
        given = {"Upload-Length": str(size), "Upload-Metadata": name_in_base64(name)}
        return self.http.post(self.uploads, headers={**TUS, **given, **headers})

    def begin(self, size, **options):
        """The address of a new upload."""
        answer = self.create(size, **options)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def patch(self, address, content, *, at=0, **headers):
        given = {"Upload-Offset": str(at), "Content-Type": PART}
        return self.http.patch(address, content=content, headers={**TUS, **given, **headers})

    def head(self, address):
        return self.http.head(address, headers=TUS)

    def offset(self, address):
        return int(self.head(address).headers["Upload-Offset"])

    def send(self, content, *, parts=3, name="talk.webm"):
        """Send `content` in about so many parts; return its address."""
        address = self.begin(len(content), name=name)
        step = len(content) // parts + 1
        for at in range(0, len(content), step):
            assert self.patch(address, content[at : at + step], at=at).status_code == 204
        return address

    def state(self, address):
        return self.http.get(address).json()
