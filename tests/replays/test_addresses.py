"""Addresses of recordings elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.replays.addresses import HOST, AddressIsNotKnown, parse_address

UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://www.youtube.com/watch?v=aqz-KE-bpKQ", "https://www.youtube.com/watch?v=aqz-KE-bpKQ"),
        ("youtu.be/aqz-KE-bpKQ?si=x&t=10", "https://www.youtube.com/watch?v=aqz-KE-bpKQ"),
        ("https://m.youtube.com/live/aqz-KE-bpKQ", "https://www.youtube.com/watch?v=aqz-KE-bpKQ"),
        ("https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ", "https://www.youtube.com/watch?v=aqz-KE-bpKQ"),
        ("https://vimeo.com/76979871", "https://vimeo.com/76979871"),
        ("https://vimeo.com/76979871/abcdef0123", "https://vimeo.com/76979871/abcdef0123"),
        ("https://player.vimeo.com/video/76979871?h=abcdef0123", "https://vimeo.com/76979871/abcdef0123"),
        (f"https://tube.example.org/videos/watch/{UUID}", f"https://tube.example.org/w/{UUID}"),
        ("https://tube.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv", "https://tube.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv"),
    ],
)  # fmt: skip
def test_address_is_understood(typed, url):
    assert parse_address(typed).url == url
    assert parse_address(parse_address(typed).url) == parse_address(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "javascript:alert(1)",
        "javascript://www.youtube.com/watch?v=aqz-KE-bpKQ",
        "data:text/html,x",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ%22onload",
        "https://user:pass@www.youtube.com/watch?v=aqz-KE-bpKQ",
        "https://www.youtube.com:8443/watch?v=aqz-KE-bpKQ",
        "https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ",
        "https://vimeo.com/about",
        f"https://127.0.0.1/w/{UUID}",
        f"https://localhost/w/{UUID}",
        f"https://[::1]/w/{UUID}",
        f"https://tube.example.org;script-src/w/{UUID}",
        f"https://tube.example.org/w/{UUID}/../x",
        "https://tube.example.org/w/p/kkGMgK9ZtnKfYAgnEtQxbv",
        "https://example.org/video.mp4",
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ" + "&a=b" * 50,
        "http://[",
    ],
)
def test_other_addresses_are_refused(typed):
    with pytest.raises(AddressIsNotKnown):
        parse_address(typed)


@pytest.mark.parametrize(
    ("typed", "source", "frame"),
    [
        ("https://youtu.be/aqz-KE-bpKQ", "https://www.youtube-nocookie.com", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1&rel=0&start=330"),
        ("https://vimeo.com/1/abcdef", "https://player.vimeo.com", "https://player.vimeo.com/video/1?autoplay=1&dnt=1&h=abcdef#t=330s"),
        (f"https://tube.example.org/w/{UUID}", "https://tube.example.org", f"https://tube.example.org/videos/embed/{UUID}?autoplay=1&peertubeLink=0&start=330s"),
    ],
)  # fmt: skip
def test_frame_starts_at_a_second(typed, source, frame):
    address = parse_address(typed)

    assert (address.frame_source, address.frame_url(start=330)) == (source, frame)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_a_plain_host(typed):
    try:
        address = parse_address(f"https://{typed}/w/{UUID}")
    except AddressIsNotKnown:
        return

    assert HOST.fullmatch(address.host)
