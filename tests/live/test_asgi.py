"""The all-in-one server: what slow lines may do to it, and how files go out."""

from __future__ import annotations

import http.client
import socket
from contextlib import ExitStack
from io import BytesIO
from urllib.parse import urlsplit

import pytest

from eventapp import arriving, connections
from eventapp.asgi import PAGE_THREADS
from eventapp.connections import LARGEST_HEAD
from eventapp.core.db import transaction
from eventapp.core.files import store_file
from eventapp.replays.models import Recording, RecordingKind
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, WebinarFactory, publish_edition

SIZE = 30_000_000
ADDRESS = "/webinars/hubs/replay/recording"


@pytest.fixture
def recording(app):
    """A public recording of 30 MB: more than the buffers of a connection take in."""
    with app.app_context():
        webinar_id = WebinarFactory(slug="hubs", status=WebinarStatus.REPLAY_PUBLISHED).id
        with transaction() as session:
            stored = store_file(
                BytesIO(bytes(range(250)) * (SIZE // 250)),
                name="recording.webm",
                media_type="video/webm",
                extension="webm",
            )
            session.add(
                Recording(
                    webinar_id=webinar_id,
                    kind=RecordingKind.FILE,
                    file=stored,
                    duration_seconds=60.0,
                    created_at=START,
                )
            )
        publish_edition(webinar_id)


def ask(server, path, method="GET", **headers):
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    connection.request(method, path, headers={"Host": "localhost", **headers})
    response = connection.getresponse()
    answer = response, response.read()
    connection.close()
    return answer


def open_connection(server, stack, sent):
    connection = stack.enter_context(
        socket.create_connection(("127.0.0.1", urlsplit(server.url).port))
    )
    connection.sendall(sent)
    return connection


def test_readers_on_slow_lines_leave_room_for_others(site, recording):
    request = f"GET {ADDRESS} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    with ExitStack() as stack:
        readers = [open_connection(site, stack, request) for _ in range(PAGE_THREADS * 2)]
        begun = [reader.recv(15) for reader in readers]
        response, _body = ask(site, "/healthz")

    assert begun == [b"HTTP/1.1 200 OK"] * len(readers)
    assert response.status == 200


def test_forms_that_never_arrive_leave_room_for_others(site):
    request = (
        b"POST /manage/sign-in HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\na="
    )

    with ExitStack() as stack:
        for _ in range(PAGE_THREADS * 2):
            open_connection(site, stack, request)
        response, _body = ask(site, "/healthz")

    assert response.status == 200


def test_head_without_end_is_refused(site):
    with ExitStack() as stack:
        head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * LARGEST_HEAD
        answered = open_connection(site, stack, head).recv(12)

    assert answered == b"HTTP/1.1 431"


def test_head_that_never_arrives_is_not_waited_for(site, monkeypatch):
    monkeypatch.setattr(connections, "SECONDS_FOR_A_HEAD", 0.1)

    with ExitStack() as stack:
        silent = open_connection(site, stack, b"")
        slow = open_connection(site, stack, b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        for each in (silent, slow):
            each.settimeout(5)
        said = [each.recv(1) for each in (silent, slow)]

    assert said == [b"", b""]


def test_line_end_alone_keeps_no_connection_open(site, monkeypatch):
    monkeypatch.setattr(connections, "SECONDS_FOR_A_HEAD", 0.5)
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    with ExitStack() as stack:
        connection = open_connection(site, stack, request)
        connection.settimeout(10)
        answered = b""
        while not answered.rstrip().endswith(b"}"):
            answered += connection.recv(4096)
        connection.sendall(b"\r\n")
        said = connection.recv(1)

    assert said == b""


def test_large_form_with_a_small_head_is_taken_in(site):
    body = b"name=" + b"a" * LARGEST_HEAD * 3
    head = f"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"

    with ExitStack() as stack:
        answered = open_connection(site, stack, head.encode() + body).recv(12)

    assert answered == b"HTTP/1.1 404"


def test_forms_that_would_fill_the_memory_are_refused(site, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_HELD_TOGETHER", 100_000)
    half = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 80000\r\n\r\n" + b"a" * 60_000

    with ExitStack() as stack:
        first = open_connection(site, stack, half)
        second = open_connection(site, stack, half)
        refused = second.recv(12)
        first.sendall(b"a" * 20_000)
        taken = first.recv(12)

    assert (refused, taken) == (b"HTTP/1.1 503", b"HTTP/1.1 405")


def test_larger_form_has_more_time_to_arrive(site, monkeypatch):
    monkeypatch.setattr(arriving, "SECONDS_TO_ARRIVE", 0.1)
    monkeypatch.setattr(arriving, "SLOWEST_BYTES_A_SECOND", 4_000)
    head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n"

    with ExitStack() as stack:
        large = open_connection(site, stack, head.format(40_000).encode())
        small = open_connection(site, stack, head.format(40).encode())
        refused = small.recv(12)
        large.sendall(b"a" * 40_000)
        taken = large.recv(12)

    assert (refused, taken) == (b"HTTP/1.1 408", b"HTTP/1.1 405")


def test_part_of_a_file_is_that_part(site, recording):
    response, body = ask(site, ADDRESS, Range="bytes=1000-1249")

    assert (response.status, body) == (206, bytes(range(250)))
    assert response.headers["Content-Range"] == f"bytes 1000-1249/{SIZE}"


def test_part_past_the_end_is_refused(site, recording):
    response, _body = ask(site, ADDRESS, Range=f"bytes={SIZE}-")

    assert response.status == 416


def test_part_of_a_file_that_was_replaced_is_the_whole_new_one(site, recording):
    response, body = ask(site, ADDRESS, Range="bytes=0-9", **{"If-Range": '"older"'})

    assert (response.status, len(body)) == (200, SIZE)


def test_head_of_a_file_tells_its_size_alone(site, recording):
    response, body = ask(site, ADDRESS, method="HEAD")

    assert (response.status, body) == (200, b"")
    assert response.headers["Content-Length"] == str(SIZE)


def test_file_says_what_it_is_and_runs_nothing(site, recording):
    response, _body = ask(site, ADDRESS, Range="bytes=0-9")

    assert response.headers["Content-Type"] == "video/webm"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "X-Sendfile" not in response.headers
