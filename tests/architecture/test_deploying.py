"""What stands in front of the processes sends each address to the one that answers it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from eventapp.live.streams import is_stream
from tests.architecture.sources import ROOT

LOCATION = re.compile(r"location ~ (\S+) {")
FILES = ("compose.yaml", "docs/deploying.md")
ADDRESSES = (
    "/webinars/creative-hubs/live/stream",
    "/webinars/creative-hubs/live/stage/stream",
    "/manage/webinars/12/live/stream",
    "/webinars/creative-hubs/live",
    "/webinars/creative-hubs/live/stage",
    "/webinars/stream/",
    "/manage/webinars/12/live",
)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_proxy_leads_streams_and_nothing_else_to_the_streams(file: str, address: str):
    found = LOCATION.search((ROOT / file).read_text("utf-8").replace("$$", "$"))

    assert found is not None
    assert bool(re.search(found.group(1), address)) == is_stream({"path": address})


def test_door_leads_signed_addresses_to_the_store_and_nothing_else(app: Flask):
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    settings = dict(re.findall(r"^    ([A-Z_]+): (\S+)$", compose, re.MULTILINE))
    folder = f"/{settings['STORAGE_URL'].removeprefix('s3://')}/"

    assert settings["STORAGE_PUBLIC_URL"] == settings["BASE_URL"]
    assert f"location {folder} {{" in compose
    assert [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(folder)] == []
