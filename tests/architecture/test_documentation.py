"""What the documentation says of settings and commands is what the code says."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from config import RawSettings
from eventapp.__main__ import main
from tests.architecture.sources import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROW = re.compile(r"^\| `([A-Z_]+)` \|.*$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_readme_documents_every_setting_with_its_default():
    readme = (ROOT / "README.md").read_text("utf-8")
    expected = [
        f"| `{field.name}` | {f'`{field.default}`' if field.default else 'empty'} "
        f"| {field.metadata['doc']} |"
        for field in fields(RawSettings)
    ]

    assert [row.group() for row in ROW.finditer(readme)] == expected


def test_documents_name_commands_that_exist():
    named = {
        command
        for document in DOCUMENTS
        for command in re.findall(r"python -m eventapp ([a-z][a-z-]*)", document.read_text("utf-8"))
    }

    assert named - set(main.commands) == set()


def test_documents_name_make_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"`make ([a-z][a-z-]*)", document.read_text("utf-8"))
    }

    assert named - targets == set()


@pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
)
def test_links_between_documents_lead_somewhere(document):
    links = [link for link in LINK.findall(document.read_text("utf-8")) if "://" not in link]

    assert [link for link in links if not (document.parent / link).exists()] == []
