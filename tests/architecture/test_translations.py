"""The words of the application can be handed to translators."""

from __future__ import annotations

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from tests.architecture.sources import ROOT


def extract_messages() -> set[str]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT,
        method_map=methods,
        options_map=options,
        keywords={"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)},
        directory_filter=lambda folder: not folder.rpartition("/")[2].startswith("."),
    )
    return {
        part
        for _file, _line, message, _comments, _context in found
        for part in ([message] if isinstance(message, str) else message)
    }


def test_words_of_code_and_of_templates_are_extracted():
    messages = extract_messages()

    assert {"We can't find that page", "Skip to the content"} <= messages
