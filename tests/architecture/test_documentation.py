"""What the documentation says of settings and commands is what the code says."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from config import RawSettings
from eventapp.__main__ import main
from tests.architecture.sources import ROOT

SOURCE_FOLDERS = (ROOT, ROOT / "eventapp", ROOT / "templates")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROW = re.compile(r"^\| `([A-Z_]+)` \|.*$", re.MULTILINE)
SKELETON = re.compile(r"^Classes for the skeleton of a page: (.+?)\n\n", re.MULTILINE | re.DOTALL)
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


@pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
)
def test_documents_name_files_that_exist(document):
    named = re.findall(r"`([a-z_/]+/[a-z_]+\.(?:py|html|css|js))`", document.read_text("utf-8"))

    assert [
        name for name in named if not any((folder / name).exists() for folder in SOURCE_FOLDERS)
    ] == []


def test_look_names_classes_that_exist():
    look = (ROOT / "docs" / "look.md").read_text("utf-8")
    [skeleton] = SKELETON.findall(look)
    styles = (ROOT / "eventapp" / "static" / "css").glob("*.css")
    defined = {
        name for style in styles for name in re.findall(r"\.([a-z][a-z-]*)", style.read_text())
    }

    assert set(re.findall(r"[a-z][a-z-]*", " ".join(re.findall("`(.+?)`", skeleton)))) <= defined
